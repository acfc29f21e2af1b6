/** The page's style: dark and light by the reader's setting, one column on a phone, black on white in print. */
export const style = `
:root { --paper: #fbfbf9; --ink: #1d2329; --quiet: #67717c; --rule: #dfe3e6; --card: #ffffff; --accent: #2463a6;
  --second: #b9c7d6; --good: #1c7a4a; --bad: #b3362b; --ground: #e4e8ea; --mark: #b9c1c8; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181c; --ink: #e6eaee; --quiet: #98a3ae; --rule: #2c343c;
  --card: #1b2127; --accent: #6ab0f3; --second: #4a5b6c; --good: #5cc790; --bad: #f0857a; --ground: #232b32; --mark: #46525d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 28px 20px 60px; }
header p { margin: 0; color: var(--quiet); }
h1 { font-size: clamp(1.5rem, 4.5vw, 2.1rem); line-height: 1.2; margin: 4px 0 10px; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 40px 0 12px; }
h3 { font-size: 0.95rem; margin: 0 0 4px; font-family: ui-monospace, monospace; font-weight: 600; }
.verdict { display: inline-block; padding: 3px 12px; border-radius: 99px; font-weight: 600; color: #fff; background: var(--good); }
.verdict.failed { background: var(--bad); }
@media (prefers-color-scheme: dark) { .verdict { color: #10161b; } }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 7px 12px 7px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { font-weight: 600; color: var(--quiet); font-size: 0.85rem; }
tr:last-child td { border-bottom: 0; }
td.number { text-align: right; white-space: nowrap; }
th.number { text-align: right; }
.pass { color: var(--good); font-weight: 600; } .fail { color: var(--bad); font-weight: 600; }
#film canvas { display: block; width: 100%; height: min(46vw, 400px); min-height: 240px; border-radius: 8px; }
#film .controls { display: flex; gap: 10px; align-items: center; margin-top: 10px; flex-wrap: wrap; }
#film input { flex: 1; min-width: 140px; accent-color: var(--accent); }
#film output { color: var(--quiet); min-width: 8.5em; text-align: right; font-variant-numeric: tabular-nums; }
button, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 4px 12px; }
figure { margin: 0; } figcaption { color: var(--quiet); font-size: 0.83rem; }
svg { max-width: 100%; height: auto; } svg text { fill: currentColor; } svg text.mark { fill: var(--quiet); font-size: 10px; text-anchor: middle; }
.strip { margin-top: 12px; display: grid; grid-template-columns: repeat(auto-fit, minmax(135px, 1fr)); gap: 10px; }
.strip svg { width: 100%; background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; display: block; }
.small { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 18px; }
.legend { color: var(--quiet); font-size: 0.9rem; } .legend b { font-weight: 600; } .key { display: inline-block; width: 18px; height: 3px; vertical-align: middle; margin: 0 4px 0 10px; border-radius: 2px; }
details { margin-top: 12px; } summary { cursor: pointer; font-weight: 600; }
pre { overflow-x: auto; font-size: 0.83rem; } code { font-family: ui-monospace, monospace; font-size: 0.9em; }
@media print { :root { --paper: #fff; --card: #fff; --ink: #000; } .script-only { display: none !important; } details > * { display: block; } main { max-width: none; padding: 0; } .card, figure, tr { break-inside: avoid; } }
`;
