namespace Stackelberg.Benchmarks

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Text.Json

/// Programs that do the same work (peers/): commands go in on standard input, answers come back as one
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

    /// What glibc does not give back to the system it need not ask for again: PyTorch's activations are large, and every
    /// page fault is dear.
    let private keepMemory = [
        "MALLOC_MMAP_THRESHOLD_", "8589934592"
        "MALLOC_TRIM_THRESHOLD_", "8589934592"
        "MALLOC_TOP_PAD_", "67108864"
    ]

    /// Where they are set, OpenBLAS takes a slower kernel than it would choose itself.
    let private slowingDown = [ "OPENBLAS_CORETYPE"; "OPENBLAS_L2_SIZE" ]

    let private start (file: string) (arguments: string list) threads =
        let info =
            ProcessStartInfo(
                file,
                arguments,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        info.Environment["OMP_NUM_THREADS"] <- string<int> threads
        info.Environment["OPENBLAS_NUM_THREADS"] <- string<int> threads
        info.Environment["GOMP_SPINCOUNT"] <- "0"
        info.Environment["PYTHONDONTWRITEBYTECODE"] <- "1"

        for name, value in keepMemory do
            info.Environment[name] <- value

        for name in slowingDown do
            info.Environment.Remove name |> ignore

        Process.Start info

    let private modules = "import numpy, scipy, torch"

    /// What to install when the peers' libraries are missing.
    let missing =
        lazy
            (let isThere =
                try
                    use probe = start python [ "-c"; modules ] 1
                    probe.WaitForExit()
                    probe.ExitCode = 0
                with :? ComponentModel.Win32Exception ->
                    false

             if isThere then
                 None
             else
                 Some
                     "The peers' libraries are missing, their rows are left out: apt-get install -y python3-torch python3-scipy python3-numpy libopenblas0-pthread")

    /// The kernel that numpy's OpenBLAS runs with here, or what is missing.
    let openBlas =
        lazy
            (let program =
                "import ctypes, glob, numpy; "
                + "found = [ctypes.CDLL(path) for path in glob.glob('/usr/lib/*/openblas*/libopenblas.so.0')]; "
                + "name = found[0].openblas_get_corename if found else None; "
                + "name and setattr(name, 'restype', ctypes.c_char_p); "
                + "print(name().decode() if name else 'not found')"

             use probe = start python [ "-c"; program ] 1
             let name = probe.StandardOutput.ReadToEnd().Trim()
             probe.WaitForExit()
             name)

    let private follow (name: string) (peer: Process) =
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

    /// <summary>Starts a peer in Python.</summary>
    /// <param name="name">The script's name without its ending.</param>
    /// <param name="threads">How many threads its libraries may use.</param>
    /// <param name="arguments">Its arguments; the first is the folder with the inputs.</param>
    let watched name threads (arguments: string list) : Peer =
        follow name (start python (script name :: arguments) threads)

    /// As watched, for a comparison of times.
    let run name threads arguments : Runner = watched name threads arguments

    /// peers/steps.c for this machine's processor, compiled once.
    let private steps =
        lazy
            (let program =
                Path.Combine(Directory.CreateTempSubdirectory("stackelberg-peers-").FullName, "steps")

             let source = Path.Combine(AppContext.BaseDirectory, "peers", "steps.c")

             use compiler =
                 start "gcc" [ "-O3"; "-march=native"; "-o"; program; source; "-lm" ] 1

             let errors = compiler.StandardError.ReadToEnd()
             compiler.WaitForExit()

             if compiler.ExitCode <> 0 then
                 invalidOp $"steps.c does not compile: {errors}"

             program)

    /// Starts the peer in C.
    let inC (arguments: string list) : Runner =
        follow "steps.c" (start steps.Value arguments 1)

    /// A folder for one work's inputs; both sides read the same bytes.
    let folder () =
        Directory.CreateTempSubdirectory("stackelberg-peers-").FullName

    let private bytes (values: 'T[]) =
        MemoryMarshal.AsBytes(ReadOnlySpan values).ToArray()

    let writeSingles folder name (values: float32[]) =
        File.WriteAllBytes(Path.Combine(folder, name), bytes values)

    let writeDoubles folder name (values: float[]) =
        File.WriteAllBytes(Path.Combine(folder, name), bytes values)
