/// The shape in which the bilevel test collection BOLIBver2 (Zhou, Zemkoho, Tin) is stated here, after the 165 problems
/// of it in the public repository cinaral/BOLIB.jl.
namespace Stackelberg.Bilevel.Tests

open Stackelberg

/// What the collection says of its values of a problem.
type Status =
    | Optimal
    | BestKnown
    /// None is published, or there is no solution.
    | Unknown

/// Values that are right, or better, where the published ones are not.
type Correction = {
    LeaderCost: float
    FollowerCost: float
    Reason: string
}

/// The leader chooses x for the least F(x, y) with G(x, y) ≤ 0 and H(x, y) = 0, where y is the follower's choice: the
/// least f(x, y) with g(x, y) ≤ 0 and h(x, y) = 0. The signs are BOLIBver2's own; the repository has them the other
/// way round. Neither knows equalities: two opposite inequalities of theirs are one row of H or h.
[<NoComparison; NoEquality>]
type Problem = {
    Name: string
    /// Who published it; the collection's short name of the paper.
    Source: string
    /// The number of the leader's variables.
    X: int
    /// The number of the follower's variables.
    Y: int
    F: Tensor -> Tensor -> Tensor
    f: Tensor -> Tensor -> Tensor
    G: (Tensor -> Tensor -> Tensor) option
    H: (Tensor -> Tensor -> Tensor) option
    g: (Tensor -> Tensor -> Tensor) option
    h: (Tensor -> Tensor -> Tensor) option
    /// The collection's start.
    Start: float[] * float[]
    Status: Status
    /// F and f as published.
    Best: (float * float) option
    Corrected: Correction option
    /// Where those values are attained; found by solving, as the repository gives no points.
    Point: (float[] * float[]) option
}

/// How the problems are written.
[<AutoOpen>]
module internal Statement =

    let private unconstrained name source status best (x: float list) (y: float list) = {
        Name = name
        Source = source
        X = x.Length
        Y = y.Length
        F = fun _ _ -> invalidOp $"{name} states no cost of the leader."
        f = fun _ _ -> invalidOp $"{name} states no cost of the follower."
        G = None
        H = None
        g = None
        h = None
        Start = Array.ofList x, Array.ofList y
        Status = status
        Best = best
        Corrected = None
        Point = None
    }

    /// A problem whose values the collection calls optimal, with its start.
    let optimal name source best x y =
        unconstrained name source Optimal (Some best) x y

    /// A problem whose values are the best that the collection knows.
    let bestKnown name source best x y =
        unconstrained name source BestKnown (Some best) x y

    let unknown name source x y =
        unconstrained name source Unknown None x y

    /// A cost of one variable each.
    let scalar (cost: Tensor -> Tensor -> Tensor) (x: Tensor) (y: Tensor) = cost x[0] y[0]

    /// Scalars and vectors under each other.
    let rows (parts: Tensor -> Tensor -> Tensor list) =
        Some(fun x y -> parts x y |> List.map Tensor.flatten |> Tensor.concat 0)

    /// Rows in one variable each.
    let scalarRows (parts: Tensor -> Tensor -> Tensor list) = rows (fun x y -> parts x[0] y[0])

    let vector (entries: float list) = Tensor.ofList entries

    let matrix (entries: float list list) = Tensor.ofArray2D (array2D entries)

    /// The sum of the squares.
    let squared (t: Tensor) = Tensor.dot t t

    /// n times the same number.
    let fill n (value: float) = List.replicate n value
