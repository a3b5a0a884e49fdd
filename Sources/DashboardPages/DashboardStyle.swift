import Reporting

/// The style of all pages: that of reports, and what only the dashboard has.
enum DashboardStyle {
    static let bytes = Array((PageStyle.sheet + "\n" + own).utf8)

    private static let own = """
        nav { background: var(--card); border-bottom: 1px solid var(--line); padding: 10px 20px; display: flex;
          flex-wrap: wrap; gap: 4px 20px; align-items: baseline; }
        nav ul { display: flex; flex-wrap: wrap; gap: 2px 4px; list-style: none; margin: 0; padding: 0; }
        nav a { display: block; padding: 4px 9px; border-radius: 8px; color: var(--ink); text-decoration: none; }
        nav a:hover { background: var(--page); } nav a[aria-current] { background: var(--link); color: var(--card); }
        :root { --link: #2459b8; } @media (prefers-color-scheme: dark) { :root { --link: #8fb5ff; } }
        a { color: var(--link); } a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible,
        summary:focus-visible { outline: 3px solid var(--two); outline-offset: 2px; } main:focus { outline: none; }
        .skip { position: absolute; left: -9999px; } .skip:focus { left: 8px; top: 8px; background: var(--card);
          padding: 8px 12px; z-index: 2; }
        .filters { display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: flex-end; margin: 0 0 16px; }
        .filters div { min-width: 0; } .filters label { display: block; color: var(--soft); font-size: 13px; }
        input, select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--soft);
          border-radius: 8px; padding: 6px 10px; max-width: 100%; } button { cursor: pointer; }
        .filters button { background: var(--link); color: var(--card); border-color: var(--link); }
        .facts dd { overflow-wrap: anywhere; } .facts dd a { text-decoration: none; }
        .table-head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 16px;
          margin-top: 16px; } .table-head h3 { margin: 0; } .table-head + .wide { margin-top: 4px; }
        .export { font-size: 13px; } td.words, th.words { min-width: 0; }
        td.words bdi, th.words bdi { display: inline-block; max-width: 46ch; overflow-wrap: break-word; }
        th.words { text-align: left; white-space: normal; } td form { display: inline; }
        td button { padding: 2px 8px; font-size: 13px; }
        .band { fill: var(--two); opacity: .22; } .curve.dashed { stroke-dasharray: 5 4; }
        .curve.dot { stroke-linecap: round; stroke-width: 5; } .ring { fill: none; stroke: var(--mark); stroke-width: 2; }
        .insight { border-top: 1px solid var(--line); padding-top: 12px; margin-top: 12px; }
        .insight h3 { margin-top: 0; } .insight p { margin: 4px 0; max-width: 80ch; overflow-wrap: anywhere; }
        .charts a { color: inherit; text-decoration: none; } .charts a:hover figcaption { text-decoration: underline; }
        .text { max-width: 80ch; } .text p { margin: 8px 0; } .next { font-weight: 600; }
        footer { color: var(--soft); font-size: 13px; margin-top: 24px; }
        @media (max-width: 600px) { nav { padding: 8px 10px; } nav a { padding: 6px 8px; }
          .wide table { width: max-content; min-width: 100%; }
          td.words bdi { max-width: 34ch; } th.words bdi { max-width: 16ch; } }
        @media print { nav, .filters, .export, .next { display: none; } }
        """
}
