/// How every page looks: light and dark screens, phones and paper.
package enum PageStyle {
    // The colours of the six series after Wong: Points of View: Color Blindness, Nature Methods 2011, darkened or
    // lightened to 3 : 1 against the page.
    package static let sheet = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5d6878; --line: #dde2ea; --page: #f6f7f9;
          --card: #ffffff; --one: #2f6fde; --two: #d97706; --three: #1f8f63; --four: #a8559a; --five: #6b7280;
          --six: #0e8aa8; --mark: #c8374a; --warn: #fdf3e1; --edge: #e3b768; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6eaf1; --soft: #9aa6b8; --line: #303947;
          --page: #12161d; --card: #1b212b; --one: #6fa0ff; --two: #f0ae57; --three: #5cc79b; --four: #d993cd;
          --five: #a3acba; --six: #56c4dd; --mark: #ff7786; --warn: #2b2416; --edge: #7d6330; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 30px; line-height: 1.2; margin: 0 0 8px; } h2 { font-size: 20px; margin: 0 0 4px; }
        h3 { font-size: 15px; margin: 20px 0 4px; }
        header p, .note { color: var(--soft); margin: 0 0 16px; max-width: 80ch; overflow-wrap: anywhere; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 24px;
          margin-top: 20px; }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0; }
        .facts div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px;
          display: flex; flex-direction: column-reverse; justify-content: flex-end; }
        .facts dd { margin: 0; font-size: 24px; line-height: 1.3; font-weight: 650; font-variant-numeric: tabular-nums; }
        .facts dt { color: var(--soft); font-size: 13px; }
        svg { display: block; width: 100%; height: auto; } svg text { fill: var(--ink); font-size: 12px; }
                svg text.over { paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
        svg text.soft { fill: var(--soft); font-size: 11px; }
        .one { fill: var(--one); } .two { fill: var(--two); } .three { fill: var(--three); } .four { fill: var(--four); }
        .five { fill: var(--five); } .six { fill: var(--six); } .mark { fill: var(--mark); }
        .rule { stroke: var(--line); } .axis { stroke: var(--soft); } .curve { stroke-width: 2; }
        .curve.one, .whisker.one { stroke: var(--one); } .curve.two, .whisker.two { stroke: var(--two); }
        .curve.three, .whisker.three { stroke: var(--three); } .curve.four, .whisker.four { stroke: var(--four); }
        .curve.five, .whisker.five { stroke: var(--five); } .curve.six, .whisker.six { stroke: var(--six); }
        polyline.curve { fill: none; } .whisker { stroke-width: 2; }
        .verdict { color: var(--ink); border-left: 4px solid var(--one); padding-left: 12px; max-width: 80ch; }
        header p.verdict { color: var(--ink); font-size: 17px; }
        .wide { overflow-x: auto; margin-top: 16px; } .wide:focus-visible { outline: 2px solid var(--one); }
        .wide th[scope=row] { position: sticky; left: 0; background: var(--card); }
        .wide th.group { white-space: normal; min-width: 84px; vertical-align: bottom; }
        table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; width: 100%; }
        table.narrow { width: auto; } th, td { padding: 5px 9px; border-bottom: 1px solid var(--line);
          text-align: right; white-space: nowrap; } th { color: var(--soft); font-weight: 600; }
        th:first-child { text-align: left; } th[scope=row] { text-align: left; color: var(--ink); }
        td.words, th.words { text-align: left; white-space: normal; min-width: 200px; }
        th[colspan] { text-align: center; } table.narrow td { white-space: normal; overflow-wrap: anywhere; }
        table.narrow th { white-space: normal; }
        .charts { margin-top: 4px; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 310px), 1fr)); gap: 20px 24px; }
        figure { margin: 0; break-inside: avoid; } figcaption { font-size: 13px; font-weight: 600; margin-bottom: 4px; }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 0 0 16px; padding: 0;
          font-size: 13px; } .legend li { display: flex; align-items: center; gap: 6px; }
        .legend svg { width: 14px; height: 14px; flex: none; }
        details { margin-top: 14px; } summary { color: var(--soft); cursor: pointer; font-size: 13px; }
        .note.after { margin: 12px 0 0; }
        .notes, .warnings { margin: 12px 0; padding-left: 20px; font-size: 14px; }
        .warnings { background: var(--warn); border: 1px solid var(--edge); border-radius: 8px; padding: 10px 14px 10px 32px; }
        @media (max-width: 600px) { main { padding: 20px 10px 40px; } section { padding: 16px 14px; } h1 { font-size: 24px; }
          .facts { grid-template-columns: repeat(2, 1fr); } .facts dd { font-size: 19px; } }
        @media print { body { background: none; font-size: 12px; } main { max-width: none; padding: 0; }
          section { border: none; padding: 8px 0; } h2 { break-after: avoid; } table { font-size: 10px; }
          th, td { padding: 3px 5px; } .wide { overflow: visible; } summary { display: none; }
          details::details-content { content-visibility: visible; block-size: auto; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
        """
}
