// Loads Stackelberg.Dsl into a script: `#load "Prelude.fsx"`, from any folder, after `dotnet build -c Release`.
#I "../src/Stackelberg.Experiments/bin/Release/net10.0"
#r "MathNet.Numerics.dll"
#r "Stackelberg.Kernels.dll"
#r "Stackelberg.Autodiff.dll"
#r "Stackelberg.Dsl.dll"
#r "Stackelberg.Files.dll"
#r "Stackelberg.Figures.dll"
#r "Stackelberg.Networks.dll"
#r "Stackelberg.Host.dll"
#r "Stackelberg.Experiments.dll"

open System
open Stackelberg

#if HOSTED
/// Ends the script with a message; the application that has loaded it goes on.
let stop (message: string) : 'a = failwith message

/// Ends the script; the application that has loaded it goes on.
let exit (code: int) : 'a =
    stop $"The script ended itself with exit {code}."
#else
/// Ends the script with a message and exit code 1.
let stop (message: string) : 'a =
    eprintfn $"  {message}"
    exit 1
#endif

/// Does what a script shows and checks, unless another script loads it: `whenRun __SOURCE_FILE__ (fun () -> …)`.
let whenRun (file: string) (show: unit -> unit) =
    match fsi.CommandLineArgs with
    | [||] -> ()
    | arguments ->
        if IO.Path.GetFileName arguments[0] = file then
            show ()

/// Ends the script unless a number is what it should be.
let check what (found: float) (expected: float) tolerance =
    if abs (found - expected) <= tolerance then
        printfn "%s" (FormattableString.Invariant $"  ok  {what} = {found:G10}")
    else
        FormattableString.Invariant $"{what} is {found:R}, but {expected:R} ± {tolerance:G2} was expected."
        |> stop

/// Ends the script unless the analysis says of every known point what is known of it.
let checkKnown (known: KnownGame) =
    match Known.faults known with
    | [||] -> printfn $"  ok  {known.Game.Name}: {known.Points.Length} known points"
    | faults -> stop (String.concat "\n  " faults)
