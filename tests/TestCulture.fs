namespace global

open System
open System.Globalization

/// Gives a process the culture of STACKELBERG_TEST_CULTURE before its first line: a child of a test meets the culture that the
/// test meets, whether it knows cultures by name or not. The runtime looks for this name, outside of all namespaces, in the
/// assemblies of DOTNET_STARTUP_HOOKS.
[<AbstractClass; Sealed>]
type internal StartupHook() =

    /// Where the machine knows no cultures: the numbers of one whose decimal sign is a comma.
    static member private Foreign() =
        let culture = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
        culture.NumberFormat.NumberDecimalSeparator <- ","
        culture.NumberFormat.NumberGroupSeparator <- "."
        culture.NumberFormat.NegativeSign <- "\u2212"
        culture

    /// What the runtime calls first.
    static member Initialize() : unit =
        match Environment.GetEnvironmentVariable "STACKELBERG_TEST_CULTURE" with
        | null
        | "" -> ()
        | name ->
            let culture =
                try
                    CultureInfo.GetCultureInfo name
                with :? CultureNotFoundException ->
                    StartupHook.Foreign()

            CultureInfo.DefaultThreadCurrentCulture <- culture
            CultureInfo.DefaultThreadCurrentUICulture <- culture
            CultureInfo.CurrentCulture <- culture
            CultureInfo.CurrentUICulture <- culture

    /// Hands the culture on to the processes that this one starts.
    static member HandOn() =
        Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", typeof<StartupHook>.Assembly.Location)

namespace Stackelberg.Tests

open System.Threading.Tasks
open Xunit.Sdk
open Xunit.v3

/// Runs all tests, and the processes that they start, under the culture of STACKELBERG_TEST_CULTURE, "de-DE" for example;
/// without it under the machine's own.
type TestCulture() =

    interface ITestPipelineStartup with
        member _.StartAsync(_: IMessageSink) =
            StartupHook.Initialize()
            StartupHook.HandOn()
            ValueTask.CompletedTask

        member _.StopAsync() = ValueTask.CompletedTask

[<assembly: TestPipelineStartup(typeof<TestCulture>)>]
do ()
