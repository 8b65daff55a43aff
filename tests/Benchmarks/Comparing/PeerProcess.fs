namespace Stackelberg.Benchmarks

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Text.Json

/// Python programs that do the same work (peers/*.py): commands go in on standard input, answers come back as one
/// line of JSON each, so that one process lives through all rounds.
[<RequireQualifiedAccess>]
module PeerProcess =

    /// Debian's packages are for the system's own Python, which need not be the first in the path.
    let private python =
        if File.Exists "/usr/bin/python3" then
            "/usr/bin/python3"
        else
            "python3"

    let private script name =
        Path.Combine(AppContext.BaseDirectory, "peers", name + ".py")

    let private start (arguments: string list) threads =
        let info =
            ProcessStartInfo(
                python,
                arguments,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        info.Environment["OMP_NUM_THREADS"] <- string<int> threads
        info.Environment["OPENBLAS_NUM_THREADS"] <- string<int> threads
        info.Environment["GOMP_SPINCOUNT"] <- "0"
        info.Environment["PYTHONDONTWRITEBYTECODE"] <- "1"
        Process.Start info

    let private modules = "import numpy, scipy, torch"

    /// What to install when the peers' libraries are missing.
    let missing =
        lazy
            (let isThere =
                try
                    use probe = start [ "-c"; modules ] 1
                    probe.WaitForExit()
                    probe.ExitCode = 0
                with :? ComponentModel.Win32Exception ->
                    false

             if isThere then
                 None
             else
                 Some
                     "The peers' libraries are missing, their rows are left out: apt-get install -y python3-torch python3-scipy python3-numpy libopenblas0-pthread")

    /// <summary>Starts a peer.</summary>
    /// <param name="name">The script's name without its ending.</param>
    /// <param name="threads">How many threads its libraries may use.</param>
    /// <param name="arguments">Its arguments; the first is the folder with the inputs.</param>
    let watched name threads (arguments: string list) : Peer =
        let peer = start (script name :: arguments) threads
        let errors = peer.StandardError.ReadToEndAsync()

        let read (property: string) =
            match peer.StandardOutput.ReadLine() with
            | null -> invalidOp $"The peer {name} ended: {errors.Result}"
            | line -> JsonDocument.Parse(line).RootElement.GetProperty property

        let ask (command: string) property =
            peer.StandardInput.WriteLine command
            peer.StandardInput.Flush()
            read property

        read "ready" |> ignore

        {
            new Peer with
                member _.ProcessId = peer.Id

                member _.Check() = [|
                    for value in (ask "check" "values").EnumerateArray() do
                        value.GetDouble()
                |]

                member _.Run steps =
                    (ask $"run {steps}" "seconds").GetDouble()

                member _.Dispose() =
                    peer.StandardInput.Close()
                    peer.WaitForExit()
                    peer.Dispose()
        }

    /// As watched, for a comparison of times.
    let run name threads arguments : Runner = watched name threads arguments

    /// A folder for one work's inputs; both sides read the same bytes.
    let folder () =
        Directory.CreateTempSubdirectory("stackelberg-peers-").FullName

    let private bytes (values: 'T[]) =
        MemoryMarshal.AsBytes(ReadOnlySpan values).ToArray()

    let writeSingles folder name (values: float32[]) =
        File.WriteAllBytes(Path.Combine(folder, name), bytes values)

    let writeDoubles folder name (values: float[]) =
        File.WriteAllBytes(Path.Combine(folder, name), bytes values)
