// Tolls on a network: the leader sets the toll of a road, travellers then choose their paths, each the quickest.
// Four units travel from O to D, by a free highway (time 10 + flow) or over M: the road OM (1 + flow, and the toll), then
// one of two streets MD (2 + 2 flow; 4 + flow). Wardrop's equilibrium of 1952 is the least of Beckmann's potential, the
// sum over the roads of ∫ time, with path flows on a simplex (the problem: Labbé, Marcotte and Savard 1998; this network
// and its closed forms are made here).
//
// With all paths in use their times are equal: v over M is split as h2 = (v + 2) / 3, h3 = (2 v − 2) / 3, and the toll is
// t = 29/3 − 8 v / 3. The revenue t v is greatest at v = 29/16: t = 29/6, t v = 841/96. For v ≤ 1 the second street is
// empty, and t = 11 − 4 v: at most 7 at v = 1, where the toll's effect has a kink.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let operator = Player.scalar "toll"

let travellers =
    Player.vector "path flows" 3 |> Player.within (ConvexSet.Simplex 4.0)

let potential (toll: Tensor) (h: Tensor) =
    let over = h[1] + h[2]
    let integral (free: float) (slope: float) (flow: Tensor) = free * flow + 0.5 * slope * flow ** 2

    toll * over
    + integral 10.0 1.0 h[0]
    + integral 1.0 1.0 over
    + integral 2.0 2.0 h[1]
    + integral 4.0 1.0 h[2]

let revenue (q: Strategies) =
    q[operator] * (q[travellers][1] + q[travellers][2])

let free =
    game "toll setting" {
        leader operator (fun q -> -(revenue q))
        follower travellers (fun q -> potential q[operator] q[travellers])
    }

/// The same with the toll limited by law.
let capped =
    game "toll setting under a limit" {
        leader operator (fun q -> -(revenue q))
        follower travellers (fun q -> potential q[operator] q[travellers])
        subjectTo operator "the law's limit" (fun q -> q[operator] - 4.0)
    }

/// Toll and path flows where v go over M, with all paths in use.
let at v = [ 29.0 / 3.0 - 8.0 * v / 3.0; 4.0 - v; (v + 2.0) / 3.0; (2.0 * v - 2.0) / 3.0 ]

let source = "after Labbé, Marcotte and Savard (1998); closed form derived here"

let about v holds undecided game =
    game
    |> Known.game source [ 4.0; 2.0; 1.0; 1.0 ] 0.05 [ Known.point (at v) holds |> Known.undecided undecided ]

let known =
    free
    |> about (29.0 / 16.0) [ Trait.DifferentialStackelberg ] [ Trait.StableStackelberg ]

// v = (29/3 − 4) · 3/8, where the revenue still rises, by v − 3/8 t = 5/8: one who foresees nothing stops there as well.
let knownCapped =
    capped
    |> about (17.0 / 8.0) [ Trait.DifferentialNash; Trait.DifferentialStackelberg ] [
        Trait.StableSimgrad
        Trait.StableStackelberg
    ]

// Far from this start lies a plateau without travellers, undecided and worth nothing.
let afar = [| 13.0 / 3.0; 2.0; 4.0 / 3.0; 2.0 / 3.0 |]

whenRun __SOURCE_FILE__ (fun () ->
    for found, start in [ known, known.Start; known, afar; knownCapped, knownCapped.Start ] do
        match Equilibrium.find Concept.Stackelberg (Tensor.ofArray start) found.Game with
        | Ok report ->
            printfn $"{report}"
            check $"{found.Game.Name}, the toll" (float report.Point[0]) found.Points[0].Point[0] 1e-9
        | Error failure -> stop $"{failure}"

        checkKnown found)
