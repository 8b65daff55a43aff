namespace Stackelberg.Reports;

/// <summary>How a report looks, on light and on dark screens and on paper.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet.</summary>
    public const string Css = """
        :root { color-scheme: light dark; --back: #fff; --text: #1a1a1a; --soft: #5c5c5c; --line: #d5d5d5;
          --stripe: #f5f6f7; --good: #00694f; --bad: #b03a00; --link: #005a91; }
        @media (prefers-color-scheme: dark) { :root { --back: #16181b; --text: #e6e6e6; --soft: #a5a9ad;
          --line: #3a3e43; --stripe: #1f2226; --good: #4fd1a5; --bad: #ff9a66; --link: #7cc4ff; } }
        body { margin: 0 auto; padding: 1.5rem; max-width: 75rem; background: var(--back); color: var(--text);
          font: 16px/1.45 system-ui, "Liberation Sans", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.6rem; margin: 0 0 .2rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
        p { margin: .4rem 0; } .soft { color: var(--soft); } a { color: var(--link); }
        .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; }
        th, td { padding: .25rem .7rem; text-align: left; border-bottom: 1px solid var(--line);
          vertical-align: top; } th { color: var(--soft); font-weight: 600; }
        tbody tr:nth-child(even) { background: var(--stripe); }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        details { margin: .6rem 0; } summary { cursor: pointer; color: var(--link); }
        .figures { display: flex; flex-wrap: wrap; gap: 1rem; }
        figure { margin: 0; flex: 0 1 auto; max-width: 36rem; } figcaption { color: var(--soft); font-size: .85rem; }
        figure img { background: #fff; padding: .5rem; border: 1px solid var(--line); max-width: 100%;
          box-sizing: border-box; }
        """;
}
