/// The collection's problems as games, solved from the collection's own starts and searched in a box.
module Stackelberg.Bilevel.Tests.Solving

open System
open Stackelberg

let private leader, private follower = "leader", "follower"

/// The game of a problem: the leader chooses x, the follower y.
let gameOf (problem: Problem) : Game =
    let x, y = Player.vector leader problem.X, Player.vector follower problem.Y

    let constraints = [|
        for player, name, isEquality, value in
            [
                x, "G", false, problem.G
                x, "H", true, problem.H
                y, "g", false, problem.g
                y, "h", true, problem.h
            ] do
            match value with
            | Some value ->
                Constraint(player, name, isEquality, Func<_, _>(fun (q: Strategies) -> value q[x] q[y]))
            | None -> ()
    |]

    Game.create problem.Name [
        [ x, (fun q -> problem.F q[x] q[y] |> Tensor.reshape []) ]
        [ y, (fun q -> problem.f q[x] q[y] |> Tensor.reshape []) ]
    ]
    |> Game.withConstraints constraints

let private joint (x: float[], y: float[]) = Tensor.ofArray (Array.append x y)

/// The leader's cost at the collection's solution, with all its digits; none where the collection knows none.
let leastCost (problem: Problem) : float option =
    problem.Point
    |> Option.map (fun (x, y) -> float (problem.F (Tensor.ofArray x) (Tensor.ofArray y)))

let isSame (a: float) (b: float) = abs (a - b) <= 1e-5 * max 1.0 (abs b)

/// What Newton's and the interior point's way from the collection's start leads to.
let fromStart (problem: Problem) : Report option =
    match gameOf problem |> Equilibrium.find Concept.Stackelberg (joint problem.Start) with
    | Ok report -> Some report
    | Error _ -> None

/// What a search around the start finds: in a box of 25, or of twice the start's size.
let inBox (problem: Problem) : Report[] =
    let start = (joint problem.Start).ToArray()
    let reach = start |> Array.fold (fun most value -> max most (2.0 * abs value)) 25.0

    let corner sign =
        start |> Array.map (fun value -> value + sign * reach) |> Tensor.ofArray

    let search =
        gameOf problem
        |> Equilibrium.findAllWith
            {
                Equilibrium.search with
                    StartsPerRound = 256
                    QuietRounds = 2
                    MaxRounds = 4
            }
            Concept.Stackelberg
            (corner -1.0, corner 1.0)

    search.Points

/// Whether the follower's strategy at a point is its best answer, as far as a search tells.
let isBestAnswer (problem: Problem) (report: Report) =
    Equilibrium.globalResponse (gameOf problem) report.Point
    |> Array.forall _.IsBest

/// A row of the table: a problem, the least leader's cost that the collection knows, and what was found.
type Row = {
    Name: string
    Least: float option
    /// "start", "box" or "-": where the least cost was found.
    Found: string
    /// The verdict at the point found: "yes", "no" or "undecided"; "-" for none.
    Verdict: string
    /// Points called differential Stackelberg points though the follower's answer there is not its best one.
    Local: int
}

let private word verdict =
    match verdict with
    | Verdict.Yes -> "yes"
    | Verdict.No -> "no"
    | _ -> "undecided"

/// One problem, from what its start led to and, if that is not the known cost, in its box.
let row (searches: bool) (problem: Problem) (start: Report option) : Row =
    let least = leastCost problem

    let isLeast (report: Report) =
        least |> Option.exists (isSame report.Costs[0])

    let start = Option.toArray start

    let box =
        if searches && not (Array.exists isLeast start) then
            inBox problem
        else
            [||]

    let found =
        match Array.tryFind isLeast start, Array.tryFind isLeast box with
        | Some report, _ -> "start", word report.IsDifferentialStackelberg
        | None, Some report -> "box", word report.IsDifferentialStackelberg
        | None, None -> "-", "-"

    let isLocal (report: Report) =
        report.IsDifferentialStackelberg = Verdict.Yes
        && not (isBestAnswer problem report)

    {
        Name = problem.Name
        Least = least
        Found = fst found
        Verdict = snd found
        Local =
            if searches then
                Array.append start box |> Array.filter isLocal |> Array.length
            else
                0
    }
