/** The page's style: dark and light by the reader's setting, one column on a phone, black on white in print. */
export const style = `
:root { --paper: #fbfbf9; --ink: #1d2329; --quiet: #5f6a75; --rule: #e0e4e7; --card: #ffffff; --accent: #2463a6;
  --second: #b3c4d6; --good: #1c7a4a; --bad: #b3362b; --warn: #9a6700; --ground: #dde2e6; --mark: #aab4bd; --shadow: #24303a;
  --sky: linear-gradient(#eaf1f8, #fbfcfd); color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e6eaee; --quiet: #98a3ae; --rule: #2c343c;
  --card: #1b2127; --accent: #6ab0f3; --second: #6f87a3; --good: #5cc790; --bad: #f0857a; --warn: #e0b45c; --ground: #29323a;
  --mark: #4c5965; --shadow: #000000; --sky: linear-gradient(#1a232d, #1f2830); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 28px 20px 60px; }
header p { margin: 0; color: var(--quiet); }
h1 { font-size: clamp(1.5rem, 4.5vw, 2.1rem); line-height: 1.2; margin: 4px 0 12px; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 40px 0 12px; }
h2 .legend { font-weight: 400; }
h3 { font-size: 0.92rem; margin: 0 0 6px; font-family: ui-monospace, monospace; font-weight: 600; }
.verdict { display: inline-block; padding: 2px 12px; margin-right: 4px; border-radius: 99px; font-weight: 600; color: #fff; background: var(--good); }
.verdict.failed { background: var(--bad); }
@media (prefers-color-scheme: dark) { .verdict { color: #10161b; } }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px; }
.warned { margin-top: 20px; border-color: var(--warn); } .warned summary { color: var(--warn); } .warned ul { margin: 8px 0 0; padding-left: 20px; }
.scroll { overflow-x: auto; --hide: linear-gradient(var(--card), var(--card)); --edge: linear-gradient(var(--rule), var(--rule));
  background: var(--hide) left / 12px 100% local, var(--hide) right / 12px 100% local, var(--edge) left / 5px 100% scroll,
    var(--edge) right / 5px 100% scroll, var(--card); background-repeat: no-repeat; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--rule); vertical-align: top; white-space: nowrap; }
td.words { white-space: normal; overflow-wrap: anywhere; min-width: 8em; }
th { font-weight: 600; color: var(--quiet); font-size: 0.85rem; }
tr > :last-child { padding-right: 0; }
tbody tr:last-child td { border-bottom: 0; }
td.number, th.number { text-align: right; }
td.pass, td.fail { width: 7em; }
.checks td.words { min-width: 13em; } .checks td.seeds { white-space: normal; }
.pass { color: var(--good); font-weight: 600; } .fail { color: var(--bad); font-weight: 600; }
#film canvas { display: block; width: 100%; height: min(46vw, 400px); min-height: 240px; border-radius: 8px; background: var(--sky); cursor: pointer; }
#film .controls { display: flex; gap: 10px; align-items: center; margin-top: 12px; flex-wrap: wrap; }
#film button { min-width: 5em; cursor: pointer; }
#film input { flex: 1; min-width: 120px; accent-color: var(--accent); }
#film output { color: var(--quiet); min-width: 8em; text-align: right; font-variant-numeric: tabular-nums; }
button, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 4px 12px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
figure { margin: 0; } figcaption { color: var(--quiet); font-size: 0.83rem; margin-top: 4px; }
svg { max-width: 100%; height: auto; } svg text { fill: currentColor; }
svg text.mark { fill: var(--quiet); font-size: 11px; text-anchor: middle; }
.strip { margin-top: 12px; display: grid; grid-template-columns: repeat(auto-fit, minmax(135px, 1fr)); gap: 10px; }
.strip svg, .way svg { width: 100%; background: var(--sky); border: 1px solid var(--rule); border-radius: 8px; display: block; }
.way { margin-top: 12px; }
.small { display: grid; grid-template-columns: repeat(auto-fit, minmax(260px, 1fr)); gap: 26px 22px; }
.small svg { width: 100%; }
.tiny { display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 14px 12px; margin-top: 12px; } .tiny figure { min-width: 0; display: flex; flex-direction: column; justify-content: space-between; } .tiny svg { width: 100%; display: block; }
.tiny h4 { margin: 0 0 2px; font-size: 0.83rem; font-weight: 600; overflow-wrap: anywhere; } summary .legend { font-weight: 400; }
.checks tr.part th { padding-top: 22px; color: var(--ink); font-size: 0.95rem; } .checks td.bar { white-space: normal; min-width: 6.5em; } .checks td.bar .legend { white-space: nowrap; }
.card + .card { margin-top: 14px; } .by-arm { font-size: 0.93rem; } .by-arm td, .by-arm th { padding-right: 11px; } .by-arm td.words { min-width: 9em; } .listed { width: auto; } .listed td { padding-right: 40px; } .by-arm td.number .legend { display: block; line-height: 1.2; }
.narrow { display: none; } .wide svg, .narrow svg { display: block; margin: 0 auto; }
.legend { color: var(--quiet); font-size: 0.9rem; } p.legend { margin: 8px 0 0; }
.key { display: inline-block; width: 18px; height: 3px; vertical-align: middle; margin: 0 6px 0 0; border-radius: 2px; }
.key + .key, .legend .key:not(:first-child) { margin-left: 14px; }
details { margin-top: 12px; } summary { cursor: pointer; font-weight: 600; }
details:not(.card) { border-top: 1px solid var(--rule); padding-top: 12px; }
pre { overflow-x: auto; font-size: 0.83rem; } code { font-family: ui-monospace, monospace; font-size: 0.9em; }
@media (max-width: 600px) { main { padding: 20px 14px 40px; } .card { padding: 12px; } .wide { display: none; } .narrow { display: block; }
  #film output { flex-basis: 100%; text-align: left; } svg text.mark { font-size: 20px; } .strip svg text.mark { font-size: 13px; }
  .checks thead { display: none; } .checks tr { display: grid; grid-template-columns: auto 1fr auto; column-gap: 12px; border-bottom: 1px solid var(--rule); }
  .checks tbody tr:last-child { border-bottom: 0; } .checks td { border: 0; padding-right: 0; } .checks td.pass, .checks td.fail { width: auto; } .checks td.words { min-width: 0; }
  .checks td.bar, .checks td.seeds { grid-column: 2 / -1; padding-top: 0; white-space: normal; } .checks td.bar + td.seeds { margin-top: -5px; }
  .checks .said { display: none; } .checks tr.part { border-bottom: 0; } .checks tr.part th { grid-column: 1 / -1; border: 0; padding: 22px 0 4px; white-space: normal; } }
@media (min-width: 601px) { .checks tbody:not(:last-child) tr:last-child td { border-bottom: 1px solid var(--rule); } }
@media print { :root { --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #ccc; --accent: #2463a6; --second: #9db1c6;
  --good: #1c7a4a; --bad: #b3362b; --warn: #7a5200; --ground: #dde2e6; --mark: #8d98a2; --shadow: #24303a; --sky: none; color-scheme: light; }
  .script-only { display: none; } main { max-width: none; padding: 0; } body { font-size: 11pt; }
  .verdict, .verdict.failed { color: #000; background: none; border: 1px solid; } details::details-content { content-visibility: visible; height: auto; }
  summary { list-style: none; } summary::-webkit-details-marker { display: none; } .card { padding: 10px 14px; }
  .strip { grid-template-columns: repeat(3, 1fr); } .small { grid-template-columns: repeat(3, 1fr); gap: 16px 18px; }
  h2 { margin: 26px 0 10px; } figcaption, .small h3, details { font-size: 8.5pt; } details td { padding: 3px 14px 3px 0; } pre { columns: 2; margin: 6px 0; font-size: 7.5pt; line-height: 1.35; white-space: pre-wrap; }
  .card, figure, tr, h2, pre { break-inside: avoid; } .card:has(table, details) { break-inside: auto; } .tiny { grid-template-columns: repeat(6, 1fr); gap: 8px; } .tiny h4 { font-size: 7.5pt; } h2, h3, summary { break-after: avoid; } }
`;
