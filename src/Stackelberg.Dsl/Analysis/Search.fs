namespace Stackelberg

open System
open System.Threading

/// <summary>How far a search for all critical points is, as it is reported several times a round.</summary>
/// <param name="rounds">Rounds finished.</param>
/// <param name="starts">Starts whose ends are known.</param>
/// <param name="points">Isolated critical points found.</param>
/// <param name="continua">Points found of sets that are not isolated.</param>
/// <param name="share">Between 0 and 1, and never less than before.</param>
[<Sealed>]
type SearchProgress(rounds: int, starts: int, points: int, continua: int, share: float) =
    /// <summary>Rounds finished.</summary>
    member _.Rounds = rounds

    /// <summary>Starts whose ends are known.</summary>
    member _.Starts = starts

    /// <summary>Isolated critical points found.</summary>
    member _.Points = points

    /// <summary>Points found of sets that are not isolated.</summary>
    member _.Continua = continua

    /// <summary>The share of the work that would be done if nothing new were found from here on; 1 at the end. It
    /// waits where something new is found, and never falls.</summary>
    member _.Share = share

/// <summary>How a search for all critical points is made. Equilibrium.search has the defaults.</summary>
type SearchSettings = {
    /// How many starts one round has, at least 1. Default 256.
    StartsPerRound: int
    /// The search ends after so many rounds in a row that found no new point, at least 1, once as many again are
    /// expected to find less than 0.1 of one: UnseenShare · StartsPerRound · QuietRounds. Default 4.
    QuietRounds: int
    /// The search ends after so many rounds at most, at least 1. Default 100.
    MaxRounds: int
    /// Where the random starts begin; the same seed gives the same bits. Default 0.
    Seed: uint64
    /// What counts as zero. Default Equilibrium.tolerances.
    Tolerances: Tolerances
    /// Is told several times a round how far the search is; may be null, which is the default.
    Progress: IProgress<SearchProgress>
    /// Ends the search, between two steps of a start, by a SearchCanceledException with what was found so far.
    Cancellation: CancellationToken
}

/// <summary>A place where a search saw the field jump over zero, with the field's other entries zero or jumping as well: a
/// kink of the costs, and no zero of the field.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type SearchKink = {
    /// The joint strategy, shape [d].
    Point: Tensor
    /// The entries in which the field jumps.
    Entries: int[]
    /// Whose entries they are.
    Players: string[]
    /// The field's value in each of these entries with that coordinate just below.
    Below: float[]
    /// The same just above. The player's cost has a minimum along the coordinate where Below is negative and Above is
    /// positive, a maximum where it is the other way round.
    Above: float[]
} with

    /// What F# Interactive prints.
    member internal kink.Shown = kink.ToString()

    /// <summary>The kink in a line.</summary>
    override kink.ToString() =
        let entries = kink.Point.ToArray()
        let shown = entries |> Array.truncate 6 |> Array.map (digits 7)
        let rest = if entries.Length > shown.Length then ", …" else ""

        let jumps =
            kink.Players
            |> Array.mapi (fun k player ->
                let shape = if kink.Below[k] < 0.0 then "minimum" else "maximum"

                (invariant $"a kink {shape} of {player} (slopes {kink.Below[k]:G7}, {kink.Above[k]:G7})"))

        let at, kinds = String.Join(", ", shown), String.Join(", ", jumps)
        (invariant $"({at}{rest})  {kinds}")

/// <summary>The critical points that a search found in a box, and how the search went. Nothing proves that there are
/// no others: UnseenShare estimates how likely the next start would lead to a new one, and UnseenBasin says how small
/// the surroundings of a point are that may have been missed.</summary>
/// <remarks>Every start ends in one of six ways: Starts + Probed = Points.Length + Continua.Length + Duplicates + Outside +
/// Singular + Failed.</remarks>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type SearchReport = {
    /// The game's name.
    Game: string
    /// Whose field was searched.
    Concept: Concept
    /// The isolated critical points, ordered by their first entry, then by the next, compared to six decimals.
    Points: Report[]
    /// For each of the points how many undeflated starts led to it.
    Hits: int[]
    /// Some points of sets of critical points of dimension 1 or more, far from each other; empty if there are none.
    Continua: Report[]
    /// Where the field jumps over zero, as seen along lines: not critical, but perhaps what was sought.
    Kinks: SearchKink[]
    /// Rounds made.
    Rounds: int
    /// Starts made.
    Starts: int
    /// Points that no start had led to when they were seen along a line.
    Probed: int
    /// Starts that led to a point known already, or to a set known already.
    Duplicates: int
    /// Starts that led to a critical point outside of the box.
    Outside: int
    /// Starts drawn to where the followers' second derivatives are singular: ω_S is undefined there, not zero.
    Singular: int
    /// Starts that led to no critical point.
    Failed: int
    /// The share of points that one undeflated start alone led to, among all undeflated starts that led to a point:
    /// about how likely one more such start is to find something new (Good 1953); 1 if none led to a point.
    UnseenShare: float
    /// Each critical point to which Newton's steps lead from more than this share of the box has been found with a
    /// probability of 95 %: 1 − 0.05^(1/n) after n undeflated starts. Of points with smaller surroundings, those along
    /// the lines that were looked at are found, and no other is promised.
    UnseenBasin: float
    /// Whether the search ended because more starts of its kind are not expected to find anything new, and not at its
    /// limit of rounds or by cancellation. It says nothing of points with surroundings below UnseenBasin.
    IsSettled: bool
    /// Whether it was cancelled: a report that a SearchCanceledException carries.
    IsCancelled: bool
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The search in a few lines, and each point's place and kind.</summary>
    override search.ToString() =
        let kinds (report: Report) = [
            if report.IsDifferentialNash = Verdict.Yes then
                "differential Nash"
            if report.IsDifferentialStackelberg = Verdict.Yes then
                "differential Stackelberg"
            if report.IsStableSimgrad = Verdict.Yes then
                "attractor of simultaneous play"
            if report.IsStableStackelberg = Verdict.Yes then
                "attractor of Stackelberg play"
        ]

        let line (report: Report) =
            let entries = report.Point.ToArray()
            let shown = entries |> Array.truncate 6 |> Array.map (digits 7)
            let rest = if entries.Length > shown.Length then ", …" else ""

            let said =
                match kinds report with
                | _ when (UndefinedCost.reason report.Players report.Costs).IsSome ->
                    (invariant $"undecided: {(UndefinedCost.reason report.Players report.Costs).Value}")
                | [] -> "critical, none of the kinds for certain"
                | kinds -> String.Join(", ", kinds)

            let at = String.Join(", ", shown)
            (invariant $"  ({at}{rest})  {said}")

        let field = if search.Concept = Concept.Nash then "omega" else "omega_S"

        String.Join(
            "\n",
            [
                (invariant $"{search.Game}: {search.Points.Length} isolated critical points of {field}")
                yield! search.Points |> Array.map line
                if search.Continua.Length > 0 then
                    (invariant
                        $"  besides, sets of critical points that are not isolated, {search.Continua.Length} points of them:")

                    yield! search.Continua |> Array.map line
                if search.Kinks.Length > 0 then
                    (invariant
                        $"  besides, kinks, at which the field jumps over zero, {search.Kinks.Length} of them:")

                    yield! search.Kinks |> Array.map (fun kink -> (invariant $"  {kink}"))
                (invariant
                    $"  {search.Starts} starts in {search.Rounds} rounds: {search.Duplicates} to known points, {search.Outside} outside, {search.Singular} to singular followers, {search.Failed} nowhere")
                if search.IsCancelled then
                    "  cancelled: what was found until then"
                elif not search.IsSettled then
                    "  the limit of rounds came while new points were still to be expected; raise MaxRounds"
                (invariant
                    $"  a point that Newton's steps lead to from less than {100.0 * search.UnseenBasin:G7} %% of the box may be unseen")
            ]
        )

/// <summary>A search for all critical points was cancelled.</summary>
/// <param name="found">What it had found.</param>
/// <param name="cancellation">The token that ended it.</param>
[<Sealed>]
type SearchCanceledException(found: SearchReport, cancellation: CancellationToken) =
    inherit
        OperationCanceledException(
            (invariant
                $"Equilibrium.findAll was cancelled in round {found.Rounds + 1}; Found has what was found until then, {found.Points.Length + found.Continua.Length} points."),
            cancellation
        )

    /// <summary>The points found before the cancellation, each with its report; IsCancelled is true.</summary>
    member _.Found = found
