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

[<Fact>]
let ``F# Interactive shows every public type that has a text of its own by that text`` () =
    let own (candidate: Type) =
        let text = candidate.GetMethod("ToString", Type.EmptyTypes)

        text.DeclaringType = candidate
        && isNull (text.GetCustomAttribute<Runtime.CompilerServices.CompilerGeneratedAttribute>())

    let raw = [
        for assembly in [ typeof<Game>.Assembly; typeof<Tensor>.Assembly ] do
            for candidate in assembly.GetExportedTypes() do
                if
                    own candidate
                    && not candidate.IsEnum
                    && isNull (box (candidate.GetCustomAttribute<StructuredFormatDisplayAttribute> true))
                then
                    candidate.Name
    ]

    Assert.Empty raw
    let point = Tensor.ofList [ 92.0 / 3.0; 101.0 / 3.0 ]
    let duopoly = TestGames.duopoly.Game

    let shows (value: 'T) =
        Assert.Equal(string value, $"%A{value}")

    shows point
    shows duopoly
    shows Rule.extragradient
    shows (Equilibrium.classify duopoly point)
    shows (Learn.run Rule.simultaneous Learn.settings point duopoly)
    shows (Outcome.Cancelled 3)
    Assert.Equal($"Ok {point}", $"%A{(Ok point: Result<Tensor, string>)}")

[<Fact>]
let ``a long tensor shows its ends and its shape`` () =
    Assert.Equal(
        "[0, 1, 2, 3, 4, 5, …, 94, 95, 96, 97, 98, 99] (shape [100])",
        string (Tensor.ofList [ for i in 0..99 -> float i ])
    )

    let wide = Tensor.reshape [ 30; 30 ] (Tensor.ofList [ for i in 0..899 -> float i ])
    Assert.StartsWith("[[0, 1, 2, …, 27, 28, 29], [30, 31, 32, …, 57, 58, 59], ", string wide)
    Assert.EndsWith(", [870, 871, 872, …, 897, 898, 899]] (shape [30; 30])", string wide)
    Assert.Equal("[[1, 1, 1], [1, 1, 1]]", string (Tensor.ones [ 2; 3 ]))
