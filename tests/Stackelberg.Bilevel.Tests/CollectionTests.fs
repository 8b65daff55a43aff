module Stackelberg.Bilevel.Tests.CollectionTests

open System
open System.Globalization
open System.IO
open Stackelberg
open Xunit

let private constraints (problem: Problem) =
    [ "G", problem.G; "H", problem.H; "g", problem.g; "h", problem.h ]
    |> List.choose (fun (name, rows) -> rows |> Option.map (fun rows -> name, rows))

let private functions (problem: Problem) =
    [ "F", problem.F; "f", problem.f ] @ constraints problem

/// The start, and a point near it from the seed that is the problem's own place in the collection.
let private places seed (problem: Problem) =
    let random = Random(seed + 1)

    let moved (start: float[]) =
        start
        |> Array.map (fun value -> value + 0.1 * (2.0 * random.NextDouble() - 1.0))

    let x, y = problem.Start
    [ x, y; moved x, moved y ]

/// What a check finds wrong with a problem, for all of them.
let private all (check: int -> Problem -> string list) =
    let faults = [
        for i, problem in List.indexed Collection.problems do
            for fault in check i problem -> $"{problem.Name}: {fault}"
    ]

    if not faults.IsEmpty then
        Assert.Fail(String.concat "\n" faults)

/// One unit of the last published digit; published whole numbers are meant exactly.
let private unit (published: float) =
    let text = published.ToString("R", CultureInfo.InvariantCulture)

    match text.IndexOf '.' with
    | -1 -> 1e-4
    | dot -> max 1e-6 (10.0 ** -float(text.Length - dot - 1))

let private at (x: float[], y: float[]) (cost: Tensor -> Tensor -> Tensor) =
    (cost (Tensor.ofArray x) (Tensor.ofArray y)).ToArray()

[<Fact>]
let ``165 problems are stated, and those of the 173 that are not have a reason`` () =
    let names = Collection.problems |> List.map _.Name
    let others = List.map fst Collection.notStated
    Assert.Equal(165, names.Length)
    Assert.Equal(173, (names @ others |> List.distinct).Length)

    let count status =
        Collection.problems |> List.filter (fun p -> p.Status = status) |> List.length

    Assert.Equal((110, 43, 12), (count Optimal, count BestKnown, count Unknown))

[<Fact>]
let ``a problem has a point and values unless the collection knows none`` () =
    all (fun _ problem -> [
        let isKnown = problem.Status <> Unknown

        if problem.Best.IsSome <> isKnown then
            "published values"

        if problem.Point.IsSome <> isKnown then
            "a point"

        if problem.Corrected.IsSome && not isKnown then
            "a correction of nothing"
    ])

    let known = Collection.problems |> List.map _.Name |> Set.ofList
    let named = List.map (fun (name, _, _, _) -> name) Corrections.corrected
    let points = List.map fst (PointsToMitsosBarton.all @ PointsFromMitsosBarton.all)
    Assert.Empty(named @ points @ List.ofSeq Collection.imprecise.Keys |> List.except known)

[<Fact>]
let ``costs are scalars, constraints are vectors, and starts and points have the problem's dimensions`` () =
    all (fun i problem -> [
        if String.IsNullOrEmpty problem.Source then
            "no source"

        for x, y in places i problem @ Option.toList problem.Point do
            if x.Length <> problem.X || y.Length <> problem.Y then
                $"{x.Length} and {y.Length} variables"

            for cost in [ problem.F; problem.f ] do
                let shape = (cost (Tensor.ofArray x) (Tensor.ofArray y)).Shape

                if shape.Length <> 0 then
                    $"a cost of shape %A{shape}"

            for name, rows in constraints problem do
                let shape = (rows (Tensor.ofArray x) (Tensor.ofArray y)).Shape

                if shape.Length <> 1 || shape[0] = 0 then
                    $"{name} of shape %A{shape}"
    ])

/// F, f and, of the rows r of G and H, and of g and h, the sum of r + r², where a row of H or h is the two rows r and −r:
/// what the repository's own text gives, evaluated by a program that shares nothing with this one, at the point
/// start + sin(i) / 10, i = 1, 2, … in x and then y.
let private reference =
    File.ReadAllLines(Path.Combine(__SOURCE_DIRECTORY__, "Reference", "values.csv"))
    |> Array.skip 1
    |> Array.map (fun line ->
        let cells = line.Split ','

        cells[0],
        cells[1..]
        |> Array.map (fun cell -> Double.Parse(cell, CultureInfo.InvariantCulture)))
    |> Map.ofArray

[<Fact>]
let ``the functions have the values that the repository's text gives near the start`` () =
    all (fun _ problem -> [
        let x, y = problem.Start

        let moved =
            Array.append x y
            |> Array.mapi (fun i value -> value + sin (float (i + 1)) / 10.0)
            |> Array.splitAt problem.X

        let sum inequalities equalities =
            let rows functions =
                functions |> Option.map (at moved) |> Option.defaultValue [||]

            let equal = rows equalities

            Array.concat [ rows inequalities; equal; Array.map (~-) equal ]
            |> Array.sumBy (fun row -> row + row * row)

        let found = [|
            (at moved problem.F)[0]
            (at moved problem.f)[0]
            sum problem.G problem.H
            sum problem.g problem.h
        |]

        for expected, value in Array.zip reference[problem.Name] found do
            if not (abs (value - expected) <= 1e-11 * max 1.0 (abs expected)) then
                $"{value}, where the text gives {expected}"
    ])

[<Fact>]
let ``a problem's point is feasible, and attains its published or corrected values`` () =
    all (fun _ problem -> [
        for point in Option.toList problem.Point do
            for name, rows in constraints problem do
                let broken =
                    at point rows
                    |> Array.map (if Char.ToLowerInvariant name[0] = 'h' then abs else id)
                    |> Array.max

                if not (broken <= 1e-8) then
                    $"{name} is broken by {broken}"

            let leader, follower = (at point problem.F)[0], (at point problem.f)[0]
            let close value expected tolerance = abs (value - expected) <= tolerance

            match problem.Corrected, problem.Best with
            | Some right, Some(publishedLeader, publishedFollower) ->
                if not (close leader right.LeaderCost 1e-8 && close follower right.FollowerCost 1e-8) then
                    $"({leader}, {follower}), corrected to ({right.LeaderCost}, {right.FollowerCost})"

                // A correction is better for the leader, or mends the follower's cost at the published solution.
                if
                    not (leader < publishedLeader - 1e-3)
                    && not (leader = publishedLeader && not (close follower publishedFollower 1e-3))
                then
                    $"the correction is not better than {publishedLeader}"
            | None, Some(publishedLeader, publishedFollower) ->
                let isPrecise =
                    close leader publishedLeader (unit publishedLeader)
                    && close follower publishedFollower (unit publishedFollower)

                if isPrecise = Collection.imprecise.ContainsKey problem.Name then
                    $"({leader}, {follower}), published ({publishedLeader}, {publishedFollower})"

                if not (close leader publishedLeader 0.01) then
                    $"F is {leader}, published {publishedLeader}"
            | _, None -> "a point without values"
    ])

[<Fact>]
let ``no answer that was tried at a problem's point is better for the follower`` () =
    let mutable tried = 0

    all (fun i problem -> [
        for x, y in Option.toList problem.Point do
            let random = Random(i)
            let own = (at (x, y) problem.f)[0]

            for trial in 1..200 do
                let reach = 10.0 ** (1.0 - 4.0 * float trial / 200.0)

                let other =
                    y |> Array.map (fun value -> value + reach * (2.0 * random.NextDouble() - 1.0))

                let isAllowed =
                    [ problem.g, id; problem.h, abs ]
                    |> List.forall (fun (rows, distance) ->
                        match rows with
                        | None -> true
                        | Some rows -> at (x, other) rows |> Array.forall (fun row -> distance row <= 0.0))

                if isAllowed then
                    tried <- tried + 1
                    let cost = (at (x, other) problem.f)[0]

                    if cost < own - 1e-7 * max 1.0 (abs own) then
                        $"%A{other} costs {cost}, less than {own}"
    ])

    Assert.True(tried > 5000, $"{tried} answers")

/// Differences of fourth order, in every variable.
let private differences (f: Tensor -> Tensor) (z: float[]) =
    let step = 1e-3

    let shifted i by =
        (f (Tensor.ofArray (Array.mapi (fun j value -> if i = j then value + by else value) z))).ToArray()

    Array.init z.Length (fun i ->
        let near = Array.map2 (-) (shifted i step) (shifted i -step)
        let far = Array.map2 (-) (shifted i (2.0 * step)) (shifted i (-2.0 * step))
        Array.map2 (fun near far -> (8.0 * near - far) / (12.0 * step)) near far)

let private agrees (f: Tensor -> Tensor) (derivative: Tensor -> Tensor) (z: float[]) = [
    let byEngine = (derivative (Tensor.ofArray z)).ToArray()
    // Of the engine's rows, one for each of the function's entries, the columns.
    let byDifferences = differences f z |> Array.transpose |> Array.concat
    let scale = byDifferences |> Array.fold (fun most value -> max most (abs value)) 1.0

    if byEngine.Length <> byDifferences.Length then
        $"{byEngine.Length} entries, {byDifferences.Length} by differences"
    else
        for i in 0 .. byEngine.Length - 1 do
            if not (abs (byEngine[i] - byDifferences[i]) <= 1e-6 * scale) then
                $"entry {i}: {byEngine[i]}, {byDifferences[i]} by differences"
]

[<Fact>]
let ``the engine's derivatives of all functions agree with differences at the start and near it`` () =
    all (fun i problem -> [
        let joined (f: Tensor -> Tensor -> Tensor) (z: Tensor) = f z[.. problem.X - 1] z[problem.X ..]

        for x, y in places i problem do
            for name, f in functions problem do
                for fault in agrees (joined f) (Diff.jacobian (joined f)) (Array.append x y) do
                    $"{name}, {fault}"
    ])

[<Fact>]
let ``the engine's second derivatives of the costs agree with differences of its first`` () =
    all (fun i problem -> [
        let joined (f: Tensor -> Tensor -> Tensor) (z: Tensor) = f z[.. problem.X - 1] z[problem.X ..]

        for x, y in places i problem do
            for name, f in [ "F", problem.F; "f", problem.f ] do
                for fault in agrees (Diff.grad (joined f)) (Diff.hessian (joined f)) (Array.append x y) do
                    $"{name}, {fault}"
    ])
