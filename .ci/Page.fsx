// What the pages of docs/ share: pictures and tables as HTML. A page loads it in a hidden part.
#load "../games/Prelude.fsx"

open System.Net

/// A chart in the page; one with several panels keeps its width on a phone, and is moved sideways there.
let drawn (figure: Stackelberg.Figures.Figure) =
    let kind = if figure.Panels.Count > 1 then " class=\"broad\"" else ""
    $"<figure{kind}>{figure.ToSvg()}</figure>"

/// A table; cells are plain text unless they begin with "<".
let table (headings: string list) (rows: string list list) =
    let cell (text: string) =
        if text.StartsWith '<' then
            text
        else
            WebUtility.HtmlEncode text

    let row tag cells =
        let inner =
            cells
            |> List.map (fun text -> $"<{tag}>{cell text}</{tag}>")
            |> String.concat ""

        $"<tr>{inner}</tr>"

    let body = rows |> List.map (row "td") |> String.concat "\n"
    let head = row "th" headings
    $"<div class=\"wide\"><table><thead>{head}</thead><tbody>\n{body}\n</tbody></table></div>"
