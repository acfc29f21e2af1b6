/** What pages of experiments need beside the common style. */
export const experimentStyle = `
.experiment h1 { font-size: clamp(1.25rem, 3.6vw, 1.75rem); overflow-wrap: anywhere; } h2, th { overflow-wrap: anywhere; }
.verdict.worse, .verdict.not-to-be-trusted { background: var(--bad); } .verdict.undecided { background: var(--quiet); }
.verdicts { list-style: none; padding: 0; margin: 14px 0 0; } .verdicts li { margin: 8px 0; display: flex; gap: 8px; align-items: baseline; }
.verdicts .verdict { font-size: 0.85rem; padding: 1px 10px; margin: 0; white-space: nowrap; }
.distrusted { margin-top: 20px; border: 2px solid var(--bad); } .distrusted b { color: var(--bad); } .distrusted ul { margin: 8px 0 0; padding-left: 20px; }
figure.titled + figure.titled { margin-top: 22px; } figure.titled h3, .strata h3 { font-family: inherit; color: var(--quiet); overflow-wrap: anywhere; }
figure.titled figcaption { margin-top: 6px; } .strata { gap: 14px; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); } .strata figure.card { min-width: 0; }
.keys span:not(.key) { display: inline-block; margin-right: 14px; }
.reading p { margin: 0 0 10px; max-width: 46em; } .reading p:last-child { margin: 0; }
.beside { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; } .beside > * { min-width: 0; } .beside figure.titled + figure.titled { margin-top: 0; } .beside + figure.card { margin-top: 14px; }
.figures td.words { text-align: right; }
.crossing td, .crossing th { text-align: center; } .crossing th:first-child { text-align: left; }
td .legend { white-space: nowrap; } td.words .legend { white-space: normal; }
@media (max-width: 600px) { .verdicts li { display: block; } .verdicts .verdict { margin-right: 4px; } .beside { grid-template-columns: 1fr; } td.number .legend { display: block; } td, th { padding-right: 10px; } .figures th, .figures td:first-child { white-space: normal; }
  .guards thead { display: none; } .guards tr { display: grid; grid-template-columns: auto 1fr; column-gap: 12px; border-bottom: 1px solid var(--rule); padding: 6px 0; }
  .guards tbody tr:last-child { border-bottom: 0; } .guards td { border: 0; padding: 1px 0; white-space: normal; } .guards td.words { grid-column: 1 / -1; } .guards td.number { display: none; } }
@media print { .verdict.worse, .verdict.undecided, .verdict.not-to-be-trusted { color: #000; background: none; } .strata { grid-template-columns: 1fr 1fr; }
  .distrusted { border: 2px solid; } .scroll { background: none; overflow: visible; } .scroll td, .scroll th { white-space: normal; padding-right: 8px; font-size: 8.5pt; }
  .scroll td .legend { font-size: inherit; } }
`;
