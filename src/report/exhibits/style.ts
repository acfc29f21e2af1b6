/** What exhibits need beside the common style. Blue against orange is told apart with any sight; controls are grey. */
export const exhibitStyle = `
:root { --method: var(--accent); --method-2: #0a7d74; --method-3: #7648b0; --baseline: #c25400; --baseline-2: #8f6c00; --baseline-3: #96345b;
  --control: #6a747e; --on-strong: #fff; --on-middle: var(--ink); }
@media (prefers-color-scheme: dark) { :root { --method-2: #45c9b9; --method-3: #b99af0; --baseline: #f2994a; --baseline-2: #dcbc55; --baseline-3: #ea93b3;
  --control: #98a3ae; --on-strong: #10161b; --on-middle: #10161b; } }
.exhibit svg text { fill: inherit; } .exhibit svg .strong text { fill: var(--on-strong); } .exhibit svg .middle text { fill: var(--on-middle); } .key.strong { width: 14px; height: 14px; border-radius: 3px; opacity: 0.85; }
.key.tone { width: 14px; height: 14px; border-radius: 3px; }
.note { margin: -4px 0 12px; max-width: 52em; } .lacks { margin: 8px 0 0; color: var(--warn); font-size: 0.9rem; } .lacks + .lacks { margin-top: 2px; }
.axes { margin: 0 0 10px; color: var(--quiet); font-size: 0.9rem; } .axes b { font-weight: 600; color: var(--ink); }
.named + .arms { display: none; } .arms { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; padding: 0; list-style: none; font-size: 0.9rem; } .arms li { display: flex; align-items: center; gap: 7px; }
.arms svg { flex: none; }
.panels { display: grid; gap: 20px 18px; } .panels > * { min-width: 0; } .exhibit h3 { font-family: inherit; overflow-wrap: anywhere; }
.panels.two { grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); } .panels.three { grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr)); }
.panels svg { width: 100%; display: block; } .bargroup + .bargroup { margin-top: 18px; } .bargroup h3 { margin-bottom: 2px; }
.matrix { display: block; } .plans { margin-top: 14px; } .plans td { white-space: normal; } .plans td:first-child { white-space: nowrap; } .plan { display: inline-block; margin: 0 10px 2px 0; }
.tag { display: inline-block; min-width: 1.5em; padding: 0 0.35em; margin-right: 5px; border-radius: 5px; text-align: center; font-size: 0.8em; font-weight: 700; color: var(--on-strong); }
.sheet { display: grid; grid-template-columns: fit-content(13em) minmax(0, 1fr); gap: 6px 16px; align-items: center; } .sheet h3 { margin: 0; }
.sheet img { display: block; image-rendering: pixelated; max-width: 100%; height: auto; } .heads { display: grid; color: var(--quiet); font-size: 0.78rem; text-align: center; max-width: 100%; }
.heads span { overflow: hidden; text-overflow: ellipsis; }
.cases th { white-space: normal; } .others > summary { color: var(--quiet); } .others h4 { margin: 14px 0 8px; font-size: 0.92rem; }
@media (max-width: 600px) { .named + .arms { display: flex; } .sheet { grid-template-columns: minmax(0, 1fr); gap: 3px; } .sheet h3 { margin-top: 10px; } .cases td.words { min-width: 6em; } .cases td.long { min-width: 15em; } .plans td { display: block; padding: 4px 0; } .plans td:first-child { border-bottom: 0; padding-top: 8px; } }
@media print { .note, .axes, .others h4, .others summary { break-after: avoid; } .note, .sheet { break-inside: avoid; } :root { --method-2: #0a7d74; --method-3: #7648b0; --baseline: #c25400; --baseline-2: #8f6c00; --baseline-3: #96345b; --control: #6a747e; --on-strong: #fff; --on-middle: #000; }
  .exhibit svg, .exhibit img, .bargroup, .panels figure { break-inside: avoid; } .panels.three { grid-template-columns: repeat(3, 1fr); } .panels.two { grid-template-columns: repeat(2, 1fr); } .tag { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
