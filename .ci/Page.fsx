// What the pages of docs/ share: pictures and tables as HTML. A page loads it in a hidden part.
#load "../games/Prelude.fsx"

open System.Net

/// A chart in the page.
let drawn (figure: Stackelberg.Figures.Figure) = $"<figure>{figure.ToSvg()}</figure>"

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

/// Blocks of code beside each other, each with a heading.
let columns (blocks: (string * string) list) =
    let inner =
        blocks
        |> List.map (fun (heading, code) ->
            $"<div><h4>{WebUtility.HtmlEncode heading}</h4><pre><code>{WebUtility.HtmlEncode(code.Trim())}</code></pre></div>")
        |> String.concat "\n"

    $"<div class=\"columns\">{inner}</div>"
