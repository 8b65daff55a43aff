// Loads Stackelberg.Dsl into a script: `#load "Prelude.fsx"`, from any folder, after `dotnet build -c Release`.
#I "../src/Stackelberg.Dsl/bin/Release/net10.0"
#r "MathNet.Numerics.dll"
#r "Stackelberg.Kernels.dll"
#r "Stackelberg.Autodiff.dll"
#r "Stackelberg.Dsl.dll"

/// Ends the script with exit code 1 unless a number is what it should be.
let check what (found: float) (expected: float) tolerance =
    if abs (found - expected) <= tolerance then
        printfn $"  ok  {what} = {found:G10}"
    else
        eprintfn $"  {what} is {found:R}, but {expected:R} ± {tolerance:G2} was expected."
        exit 1
