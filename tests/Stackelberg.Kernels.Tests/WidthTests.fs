module Stackelberg.Kernels.Tests.WidthTests

open System
open System.Diagnostics
open System.Reflection
open Xunit

/// A process with narrower vectors cannot be made of this one: the runtime fixes their width when it starts.
[<Theory>]
[<InlineData("DOTNET_EnableAVX512", "0")>]
[<InlineData("DOTNET_PreferredVectorBitWidth", "256")>]
let ``the kernels are right with 256-bit vectors too`` (variable: string, value: string) =
    let info =
        ProcessStartInfo("dotnet", RedirectStandardOutput = true, RedirectStandardError = true)

    info.Environment[variable] <- value

    for argument in
        [
            "exec"
            Assembly.GetExecutingAssembly().Location
            "-class"
            "*.ConvolutionTests"
            "-class"
            "*.MatMulTests"
            "-class"
            "*.ElementKernelTests"
        ] do
        info.ArgumentList.Add argument

    use child = Process.Start info
    let errors = child.StandardError.ReadToEndAsync()
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    Assert.True((child.ExitCode = 0), output + errors.Result)
    Assert.DoesNotContain("Total: 0,", output)
