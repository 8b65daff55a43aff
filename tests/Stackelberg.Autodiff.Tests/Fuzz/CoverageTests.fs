/// Every public function of tensors is an op of the random compositions, or stands below with the reason why it is not.
module Stackelberg.Autodiff.Tests.Fuzz.CoverageTests

open System
open System.Reflection
open System.Text.RegularExpressions
open Stackelberg
open Xunit

let private outside = [
    "makes numbers of no tensor",
    [
        "arange"
        "eye"
        "full"
        "linspace"
        "ofArray"
        "ofArray2D"
        "ofList"
        "ofSeq"
        "ones"
        "rand"
        "randn"
        "zeros"
    ]
    "part of every composition, which is made with it", [ "scalar"; "cast" ]
    "a name of another op: sums over several axes and entries of several are reshapes and sums over one",
    [ "sumAxes" ]
    "a product with a mask that is drawn outside", [ "dropout" ]
    "the two parts of batchNorm", [ "batchStatistics"; "normalize" ]
    "the same op as triangularSolve", [ "lowerSolve" ]
]

let private operators =
    Map [
        "op_Addition", "+"
        "op_Subtraction", "-"
        "op_Multiply", "*"
        "op_Division", "/"
        "op_UnaryNegation", "-"
        "Pow", "**"
        "Ceiling", "ceil"
    ]

/// Members of the type that are no ops: conversions, and the identity.
let private noOps = [ "op_Explicit"; "op_UnaryPlus" ]

let private words (text: string) =
    Regex.Matches(text, @"[A-Za-z]\w*|[-+*/]+") |> Seq.map _.Value

/// Everything that a name of a drawn op mentions.
let private drawn =
    lazy
        (seq { 1..6000 }
         |> Seq.collect (fun seed -> (Generate.composition seed).Nodes)
         |> Seq.collect (fun node ->
             match node with
             | Apply(op, _) -> words op.Text
             | _ -> Seq.empty)
         |> Set.ofSeq)

let private isTensor (t: Type) =
    t = typeof<Tensor> || t = typeof<Tensor[]> || t = typeof<Tensor * Tensor>

let private functionsOf (t: Type) =
    t.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly)
    |> Array.filter (fun m ->
        isTensor m.ReturnType
        && not (m.Name.StartsWith("get_", StringComparison.Ordinal)))
    |> Array.map _.Name

let private moduleFunctions =
    typeof<Tensor>.Assembly.GetExportedTypes()
    |> Array.filter (fun t -> t.Name = "TensorModule" || t.Name = "Layer" || t.Name = "PositiveDefinite")
    |> Array.collect functionsOf

let private members =
    functionsOf typeof<Tensor>
    |> Array.filter (fun name -> not (List.contains name noOps))
    |> Array.map (fun name ->
        match operators.TryFind name with
        | Some symbol -> symbol
        | None -> name.ToLowerInvariant())

let private exempt = outside |> List.collect snd |> Set.ofList

[<Fact>]
let ``random compositions draw every public function of tensors`` () =
    let functions = Array.append moduleFunctions members |> Array.distinct
    // As many as there were when this was written: the modules were found.
    Assert.InRange(functions.Length, 130, 400)

    let missing =
        functions
        |> Array.filter (fun name -> not (drawn.Value.Contains name || exempt.Contains name))

    Assert.True((missing.Length = 0), "not drawn: " + String.Join(", ", Array.sort missing))

[<Fact>]
let ``what is said to be outside of random compositions is there and is outside`` () =
    let functions = Set.ofArray moduleFunctions

    for reason, names in outside do
        for name in names do
            Assert.True(functions.Contains name, $"{name} ({reason}) is no public function")
            Assert.False(drawn.Value.Contains name, $"{name} ({reason}) is drawn")
