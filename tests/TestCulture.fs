namespace Stackelberg.Tests

open System
open System.Globalization
open System.Threading.Tasks
open Xunit.Sdk
open Xunit.v3

/// Runs all tests under the culture of STACKELBERG_TEST_CULTURE, "de-DE" for example; without it under the machine's own.
type TestCulture() =

    /// Where the machine knows no cultures: the numbers of one whose decimal sign is a comma.
    let foreign () =
        let culture = CultureInfo.InvariantCulture.Clone() :?> CultureInfo
        culture.NumberFormat.NumberDecimalSeparator <- ","
        culture.NumberFormat.NumberGroupSeparator <- "."
        culture.NumberFormat.NegativeSign <- "\u2212"
        culture

    interface ITestPipelineStartup with
        member _.StartAsync(_: IMessageSink) =
            match Environment.GetEnvironmentVariable "STACKELBERG_TEST_CULTURE" with
            | null
            | "" -> ()
            | name ->
                let culture =
                    try
                        CultureInfo.GetCultureInfo name
                    with :? CultureNotFoundException ->
                        foreign ()

                CultureInfo.DefaultThreadCurrentCulture <- culture
                CultureInfo.DefaultThreadCurrentUICulture <- culture
                CultureInfo.CurrentCulture <- culture
                CultureInfo.CurrentUICulture <- culture

            ValueTask.CompletedTask

        member _.StopAsync() = ValueTask.CompletedTask

[<assembly: TestPipelineStartup(typeof<TestCulture>)>]
do ()
