// Writes the figures of run folders as PDF and PNG, for papers and slides, into the folder pictures in each:
//     dotnet build -c Release src/Stackelberg.Figures.Skia
//     dotnet fsi experiments/pictures.fsx runs/duopoly-… runs/torus-… …
#r "nuget: Svg.Skia, 5.2.3"
#r "nuget: SkiaSharp, 4.153.1"
#r "nuget: SkiaSharp.NativeAssets.Linux, 4.153.1"
#I "../src/Stackelberg.Figures.Skia/bin/Release/net10.0"
#r "Stackelberg.Files.dll"
#r "Stackelberg.Figures.dll"
#r "Stackelberg.Figures.Skia.dll"

open System.IO
open Stackelberg.Figures.Skia

let picture (run: string) (file: string) =
    let svg = File.ReadAllText file
    let folder = Directory.CreateDirectory(Path.Combine(run, "pictures")).FullName
    let path = Path.Combine(folder, Path.GetFileNameWithoutExtension file)
    File.WriteAllBytes(path + ".pdf", Rendering.Pdf svg)
    File.WriteAllBytes(path + ".png", Rendering.Png svg)
    printfn $"{path}.pdf"

match List.tail (List.ofArray fsi.CommandLineArgs) with
| [] ->
    eprintfn "Give the run folders: dotnet fsi experiments/pictures.fsx runs/duopoly-…"
    exit 2
| runs ->
    for run in runs do
        let figures = Path.Combine(run, "figures")

        if not (Directory.Exists figures) then
            eprintfn $"{run} has no folder figures; give run folders of experiments that draw some."
            exit 2

        Directory.GetFiles(figures, "*.svg") |> Array.sort |> Array.iter (picture run)
