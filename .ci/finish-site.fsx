// Finishes what fsdocs has written, and checks it: links are made relative, so that the pages can be read as files; the index
// of the search becomes a script; then every link and anchor inside of the site must lead somewhere.
// `dotnet fsi .ci/finish-site.fsx bin/site`, the last step of .ci/site.
open System
open System.Collections.Generic
open System.IO
open System.Net
open System.Text.Json
open System.Text.RegularExpressions

let site = Path.GetFullPath fsi.CommandLineArgs[1]
let pagesOnly = Array.contains "--pages" fsi.CommandLineArgs

let toSlashes (path: string) =
    path.Replace(Path.DirectorySeparatorChar, '/')

// What fsdocs leaves and no page uses.
for file in Directory.GetFiles(site, "*", SearchOption.AllDirectories) do
    let name = Path.GetFileName file

    if
        name = "NuGet.config"
        || name.EndsWith ".md"
        || name.StartsWith "llms"
        || (name.StartsWith "fsdocs-" && file.Contains "content")
        || name = "github-pages-settings.png"
    then
        File.Delete file

let pages =
    Directory.GetFiles(site, "*.html", SearchOption.AllDirectories) |> Array.sort

/// "../" as often as the page lies deep.
let up (page: string) =
    let depth =
        Path.GetRelativePath(site, page)
        |> toSlashes
        |> Seq.filter ((=) '/')
        |> Seq.length

    String.replicate depth "../"

/// Tips show the summary of a name, not the tags of its documentation.
let plainTip (tip: Match) =
    let summary =
        Regex.Match(tip.Value, @"&lt;summary&gt;(.*?)&lt;/summary&gt;", RegexOptions.Singleline)

    if summary.Success then
        $"<em>{summary.Groups[1].Value}</em>"
    else
        tip.Value

/// Examples of documentation are written with the indentation of its comment.
let withoutIndentation (block: Match) =
    let lines = block.Groups[2].Value.Trim('\n', '\r').TrimEnd().Split '\n'

    let spaces (line: string) =
        line.Length - line.TrimStart(' ').Length

    let written = lines |> Array.filter (fun line -> line.Trim() <> "")

    let indentation =
        if written.Length = 0 then
            0
        else
            written |> Array.map spaces |> Array.min

    let code =
        lines
        |> Array.map (fun line -> line[min indentation line.Length ..])
        |> String.concat "\n"

    block.Groups[1].Value + code + "</code></pre>"

for page in pages do
    let text = File.ReadAllText page
    let relative = up page

    let text =
        Regex.Replace(text, "(href|src|data-root)=\"/(?!/)", fun m -> $"{m.Groups[1].Value}=\"{relative}")

    let text =
        Regex.Replace(text, @"<em>[^<]*?&lt;summary&gt;.*?</em>", plainTip, RegexOptions.Singleline)

    let text =
        if relative = "" then
            text
        else
            Regex.Replace(
                text,
                "(<pre[^>]*><code[^>]*>)(.*?)</code></pre>",
                withoutIndentation,
                RegexOptions.Singleline
            )

    // Remarks and examples of the reference stand open.
    let text = text.Replace("<details>", "<details open>")

    // The base library's documentation has no pages of this project's packages.
    let text =
        Regex.Replace(
            text,
            @"<a href=""https://learn\.microsoft\.com/dotnet/api/(stackelberg|mathnet)[^""]*"">(.*?)</a>",
            "$2"
        )

    File.WriteAllText(page, text)

// The search.
let entries =
    let index = Path.Combine(site, "index.json")
    use document = JsonDocument.Parse(File.ReadAllText index)

    let found = [
        for entry in document.RootElement.EnumerateArray() do
            let text (name: string) = entry.GetProperty(name).GetString()
            let uri = (text "uri").TrimStart '/'

            {|
                uri = uri
                title = WebUtility.HtmlDecode(text "title")
                text = Regex.Replace(WebUtility.HtmlDecode(text "content"), @"\s+", " ")
                page = not (uri.StartsWith "reference/")
            |}
    ]

    File.Delete index
    found

File.WriteAllText(
    Path.Combine(site, "search-index.js"),
    "window.searchIndex = " + JsonSerializer.Serialize entries + ";\n"
)

// Every link inside of the site.
let anchors =
    let known = Dictionary<string, HashSet<string>>()

    fun page ->
        match known.TryGetValue page with
        | true, found -> found
        | _ ->
            let found =
                Regex.Matches(File.ReadAllText page, "(?:id|name)=\"([^\"]+)\"")
                |> Seq.map (fun m -> WebUtility.HtmlDecode m.Groups[1].Value)
                |> HashSet

            known[page] <- found
            found

let faults = [
    for page in pages do
        let from = Path.GetRelativePath(site, page) |> toSlashes
        let text = File.ReadAllText page

        for m in Regex.Matches(text, "(?:href|src)=\"([^\"]*)\"") do
            let link = WebUtility.HtmlDecode m.Groups[1].Value

            if
                not (Regex.IsMatch(link, "^(https?:|mailto:|data:)"))
                && link <> ""
                && not (link.StartsWith "{{")
            then
                let parts = link.Split('#', 2)
                let path = Uri.UnescapeDataString(parts[0].Split('?')[0])

                let target =
                    if path = "" then
                        page
                    else
                        Path.GetFullPath(Path.Combine(Path.GetDirectoryName page, path))

                if pagesOnly && target.Contains "reference" then
                    ()
                elif not (File.Exists target) then
                    $"{from}: {link} leads to no file"
                elif
                    parts.Length = 2
                    && parts[1] <> ""
                    && not ((anchors target).Contains(Uri.UnescapeDataString parts[1]))
                then
                    $"{from}: {link} leads to no anchor"

        for m in Regex.Matches(text, @"\{\{[a-z-]+\}\}") do
            $"{from}: {m.Value} was not filled in"

        // All that a page needs to be shown is in the site.
        for m in Regex.Matches(text, "(?:<script|<link|<img)[^>]*(?:src|href)=\"(https?:[^\"]*)\"") do
            $"{from}: {m.Groups[1].Value} is loaded from elsewhere"
]

for fault in List.distinct faults do
    eprintfn $"{fault}"

if not faults.IsEmpty then
    eprintfn $"{faults.Length} faults in {pages.Length} pages."
    exit 1

printfn $"{pages.Length} pages in {site}, every link leads somewhere."
