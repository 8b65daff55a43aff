namespace Stackelberg.Benchmarks

open System
open System.Globalization
open System.IO
open Stackelberg.Kernels

/// The ratios that the README's table promises, of machines with this one's vectors.
[<RequireQualifiedAccess>]
module Published =

    /// What a ratio may lose before it counts as fallen: a quarter.
    let least = 0.75

    let private readme () =
        let rec above (folder: DirectoryInfo) =
            match folder with
            | null -> invalidOp "No README.md with a section Speed stands above the benchmark's folder."
            | _ ->
                let file = Path.Combine(folder.FullName, "README.md")

                if File.Exists file && (File.ReadAllText file).Contains "\n## Speed" then
                    file
                else
                    above folder.Parent

        above (DirectoryInfo AppContext.BaseDirectory)

    let private cells (line: string) =
        line.Trim().Trim('|').Split '|' |> Array.map _.Trim()

    /// Work and peer, and the ratio; works without a ratio for this width are left out.
    let ratios () =
        let column = $"{VectorWidth.Bits} bits"

        let table =
            File.ReadLines(readme ())
            |> Seq.skipWhile (fun line -> not (line.StartsWith("| work |", StringComparison.Ordinal)))
            |> Seq.takeWhile (fun line -> line.StartsWith('|'))
            |> Seq.map cells
            |> Array.ofSeq

        match Array.tryFindIndex (fun (name: string) -> name = column) table[0] with
        | None -> Map.empty
        | Some index ->
            table[2..]
            |> Array.choose (fun row ->
                match
                    Double.TryParse(row[index].TrimEnd '×', NumberStyles.Float, CultureInfo.InvariantCulture)
                with
                | true, ratio -> Some((row[0], row[1]), ratio)
                | _ -> None)
            |> Map.ofArray

    /// What is wrong with a measured work, if anything is.
    let fault (ratios: Map<string * string, float>) (m: Measured) =
        let work = $"{m.Comparison.Work}, {m.Comparison.Peer}"
        let ratio = m.Theirs / m.Ours

        if not (m.Difference <= m.Comparison.Tolerance) then
            Some
                $"{work}: the results differ by {m.Difference:G2}, but at most {m.Comparison.Tolerance:G2} is allowed."
        else
            match ratios.TryFind(m.Comparison.Work, m.Comparison.Peer) with
            | Some promised when ratio < least * promised ->
                Some $"{work}: {ratio:F2}×, but the README says {promised:F2}×."
            | _ -> None
