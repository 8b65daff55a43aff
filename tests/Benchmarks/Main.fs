module Stackelberg.Benchmarks.Main

open System
open BenchmarkDotNet.Running
open Stackelberg

let private usage =
    """Benchmarks of the engine.
  peers [filter]        our side and its peers in turn, as a Markdown table
  gate [filter]         the same, against the README's table: fails where a ratio has fallen by a quarter, measured twice
  memory                greatest memory of training the DCGAN, our side and its peer in processes of their own
  sums                  what the accuracy of long sums costs, as a Markdown table
  profile PROGRAM       where the time of a program goes
  growth [FOLDER]       time against the size of a game, as a figure
  kernels [arguments]   BenchmarkDotNet on single kernels; arguments such as --filter '*Product*'"""

/// Measures the works of a name, and once more those that a second look is taken at; gives what stays wrong.
let private peers (fault: Measured -> string option) (filter: string) =
    let chosen =
        Works.all
        |> List.filter (fun work ->
            let name = $"{work.Work} {work.Peer}"
            name.Contains(filter, StringComparison.OrdinalIgnoreCase))

    let missing =
        if List.exists (fun work -> work.NeedsPython) chosen then
            PeerProcess.missing.Value
        else
            None

    Option.iter (printfn "%s\n") missing

    if List.exists (fun work -> work.NeedsPython) chosen && missing.IsNone then
        printfn $"numpy's OpenBLAS runs its kernel for {PeerProcess.openBlas.Value}.\n"

    printfn "%s" Comparison.header

    let faults = [
        for work in chosen do
            if not (work.NeedsPython && missing.IsSome) then
                let show measured =
                    printfn "%s" (Comparison.line work measured)
                    Console.Out.Flush()
                    Option.bind fault measured

                match show (Comparison.measure work) with
                | None -> ()
                | Some _ -> yield! Option.toList (show (Comparison.measure work))
    ]

    for fault in faults do
        eprintfn $"{fault}"

    if List.isEmpty faults then 0 else 1

let private memory () =
    for size in [ Dcgan.full; Dcgan.small ] do
        let name = $"DCGAN, {size.Channels} base channels"

        let show side mebibytes =
            printfn $"{name}, {side}: {mebibytes:F0} MiB"

        show "ours" (Dcgan.peakAlone size)

        match PeerProcess.missing.Value with
        | Some missing -> printfn $"{missing}"
        | None -> show "PyTorch" (Dcgan.peakOfPeer size)

    0

let private profile name =
    match Works.programs |> List.tryFind (fun (known, _) -> known = name) with
    | None ->
        let names = Works.programs |> List.map fst |> String.concat ", "
        eprintfn $"{name} is no program; there are {names}."
        2
    | Some(_, compile) ->
        Profile.show name (compile ())
        0

[<EntryPoint>]
let main arguments =
    // Most peers run on one thread; a work that uses more says so.
    Stackelberg.Kernels.Parallelism.Threads <- 1

    match List.ofArray arguments with
    | [ "peers" ] -> peers (Published.fault Map.empty) ""
    | [ "peers"; filter ] -> peers (Published.fault Map.empty) filter
    | [ "gate" ] -> peers (Published.fault (Published.ratios ())) ""
    | [ "gate"; filter ] -> peers (Published.fault (Published.ratios ())) filter
    | [ "memory" ] -> memory ()
    | [ "memory"; "alone"; channels ] ->
        Dcgan.printPeak (int channels)
        0
    | [ "sums" ] ->
        LongSums.show ()
        0
    | [ "profile"; name ] -> profile name
    | [ "growth" ] ->
        Growth.draw "growth"
        0
    | [ "growth"; folder ] ->
        Growth.draw folder
        0
    | "kernels" :: rest ->
        let chosen = if List.isEmpty rest then [ "--filter"; "*" ] else rest

        BenchmarkSwitcher.FromAssembly(Reflection.Assembly.GetExecutingAssembly()).Run(Array.ofList chosen)
        |> ignore

        0
    | _ ->
        printfn "%s" usage
        2
