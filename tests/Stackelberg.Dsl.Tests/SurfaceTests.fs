module Stackelberg.Dsl.Tests.SurfaceTests

open System
open System.Reflection
open Microsoft.FSharp.Reflection
open Stackelberg
open Xunit

/// Types that C# never names: F# modules (static classes of functions), the builder and its draft, the settings that
/// an F# script writes with a list.
let private isForFSharp (candidate: Type) =
    (candidate.IsAbstract && candidate.IsSealed)
    || candidate = typeof<GameBuilder>
    || candidate = typeof<GameDraft>
    || candidate = typeof<LearnSettings>

let rec private isFSharpCore (candidate: Type) =
    (candidate.Namespace <> null
     && candidate.Namespace.StartsWith "Microsoft.FSharp"
     && candidate <> typeof<unit>)
    || (candidate.IsArray && isFSharpCore (candidate.GetElementType()))
    || (candidate.IsGenericType
        && candidate.GetGenericArguments() |> Array.exists isFSharpCore)

[<Fact>]
let ``no member of a public type shows an F# list, option or function`` () =
    let flags =
        BindingFlags.Public
        ||| BindingFlags.Instance
        ||| BindingFlags.Static
        ||| BindingFlags.DeclaredOnly

    let shown = [
        for candidate in typeof<Game>.Assembly.GetExportedTypes() do
            if not (isForFSharp candidate) then
                for found in candidate.GetMethods flags do
                    for used in
                        Array.append
                            [| found.ReturnType |]
                            (found.GetParameters() |> Array.map _.ParameterType) do
                        if isFSharpCore used then
                            $"{candidate.Name}.{found.Name}: {used}"

                for found in candidate.GetConstructors flags do
                    for used in found.GetParameters() do
                        if isFSharpCore used.ParameterType then
                            $"{candidate.Name}: {used.ParameterType}"
    ]

    Assert.Empty shown
    Assert.True(FSharpType.IsUnion typeof<Outcome>)
