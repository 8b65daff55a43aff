namespace Stackelberg

open System
open System.Numerics

[<RequireQualifiedAccess>]
module Known =

    /// Costs are sums of a few products of entries that are known to rounding error.
    let private toleranceOfCosts = 1e-9

    /// The root of the rounding error, and something for its factor: what a defective eigenvalue is known to.
    let private toleranceOfEigenvalues = 1e-6

    let private implied (it: Trait) =
        match it with
        | Trait.DifferentialNash
        | Trait.StableSimgrad -> Trait.CriticalOmega
        | Trait.DifferentialStackelberg
        | Trait.StableStackelberg -> Trait.CriticalOmegaS
        | _ -> it

    let point (at: float list) (holds: Trait list) : KnownPoint = {
        Point = Array.ofList at
        Holds = List.map implied holds @ holds |> List.distinct |> List.sort |> Array.ofList
        Undecided = [||]
        Costs = null
        EigenvaluesJ = null
        EigenvaluesJS = null
        Source = null
    }

    let undecided (traits: Trait list) (known: KnownPoint) =
        match traits |> List.tryFind (fun it -> Array.contains it known.Holds) with
        | Some it ->
            Require.wrong
                "Known.undecided"
                (nameof traits)
                (invariant $"holds {it}, which holds at the point; name it in one place.")
        | None -> {
            known with
                Undecided = Array.append known.Undecided (Array.ofList traits) |> Array.distinct
          }

    let singularFollower known =
        undecided [ Trait.CriticalOmegaS; Trait.DifferentialStackelberg; Trait.StableStackelberg ] known

    let withCosts (costs: float list) (known: KnownPoint) = {
        known with
            Costs = Array.ofList costs
    }

    let private withConjugates (eigenvalues: Complex list) = [|
        for value in eigenvalues do
            value

            if value.Imaginary <> 0.0 then
                Complex.Conjugate value
    |]

    let withComplexJ eigenvalues (known: KnownPoint) = {
        known with
            EigenvaluesJ = withConjugates eigenvalues
    }

    let withComplexJS eigenvalues (known: KnownPoint) = {
        known with
            EigenvaluesJS = withConjugates eigenvalues
    }

    let private real (value: float) = Complex(value, 0.0)

    let withJ eigenvalues known =
        withComplexJ (List.map real eigenvalues) known

    let withJS eigenvalues known =
        withComplexJS (List.map real eigenvalues) known

    let from source (known: KnownPoint) = { known with Source = source }

    let game source (start: float list) rate (points: KnownPoint list) (game: Game) =
        let fits what (numbers: 'a[]) needed reason =
            if not (isNull (box numbers)) then
                Require.shape "Known.game" what [| numbers.Length |] [| needed |] reason

        fits (nameof start) (Array.ofList start) game.Dimension "the game's dimension"

        if not (rate > 0.0 && Double.IsFinite rate) then
            Require.wrong
                "Known.game"
                (nameof rate)
                (invariant $"is {rate}, but a positive number is needed.")

        for known in points do
            fits "a point" known.Point game.Dimension "the game's dimension"
            fits "a point's costs" known.Costs game.Players.Length "the number of players"
            fits "a spectrum of J" known.EigenvaluesJ game.Dimension "the game's dimension"
            fits "a spectrum of J_S" known.EigenvaluesJS game.Dimension "the game's dimension"

        {
            Game = game
            Source = source
            Erratum = null
            Start = Array.ofList start
            Rate = rate
            Points = Array.ofList points
        }

    let withErratum erratum (known: KnownGame) = { known with Erratum = erratum }

    let verdict (it: Trait) (report: Report) =
        match it with
        | Trait.CriticalOmega -> report.IsCriticalOmega
        | Trait.CriticalOmegaS -> report.IsCriticalOmegaS
        | Trait.DifferentialNash -> report.IsDifferentialNash
        | Trait.DifferentialStackelberg -> report.IsDifferentialStackelberg
        | Trait.StableSimgrad -> report.IsStableSimgrad
        | Trait.StableStackelberg -> report.IsStableStackelberg
        | _ -> Require.wrong "Known.verdict" (nameof it) (invariant $"is {int it}, which is no trait.")

    /// What is left of the way to a limit where a run stops that contracts by 0.9999 is about 1e-9.
    let private toleranceOfPoints = 1e-6

    let private show (values: Complex[]) =
        String.Join(
            ", ",
            values
            |> Array.map (fun value -> (invariant $"{value.Real:G7} + {value.Imaginary:G7} i"))
        )

    /// Whether every eigenvalue expected has one of its own among those found.
    let private agree (expected: Complex[]) (found: Complex[]) =
        let scale =
            expected |> Array.fold (fun most value -> max most (Complex.Abs value)) 1.0

        let rec pairUp expected (left: Complex list) =
            match expected with
            | [] -> List.isEmpty left
            | first :: rest when not left.IsEmpty ->
                let nearest = left |> List.minBy (fun value -> Complex.Abs(value - first))

                Complex.Abs(nearest - first) <= toleranceOfEigenvalues * scale
                && pairUp rest (List.removeAt (List.findIndex ((=) nearest) left) left)
            | _ -> false

        pairUp (List.ofArray expected) (List.ofArray found)

    let private faultsOf (game: Game) (known: KnownPoint) = [
        let report = Equilibrium.classify game (Tensor.ofArray known.Point)
        let at = String.Join(", ", Array.map (digits 7) known.Point)

        for it in Enum.GetValues<Trait>() do
            let expected =
                if Array.contains it known.Holds then
                    Verdict.Yes
                elif Array.contains it known.Undecided then
                    Verdict.Undecided
                else
                    Verdict.No

            if verdict it report <> expected then
                (invariant
                    $"{game.Name} at ({at}): {it} is {verdict it report}, but {expected} was known (residuals {report.ResidualOmega:G7} and {report.ResidualOmegaS:G7}).")

        if not (isNull known.Costs) then
            for player, expected, found in Array.zip3 game.Players known.Costs report.Costs do
                if not (abs (found - expected) <= toleranceOfCosts * max 1.0 (abs expected)) then
                    (invariant
                        $"{game.Name} at ({at}): {player.Name} pays {found:R}, but {expected:R} was known.")

        for name, expected, found in
            [
                "J", known.EigenvaluesJ, report.EigenvaluesJ
                "J_S", known.EigenvaluesJS, report.EigenvaluesJS
            ] do
            if not (isNull expected || agree expected found) then
                (invariant
                    $"{game.Name} at ({at}): {name} has the eigenvalues {show found}, but {show expected} were known.")
    ]

    let faults (known: KnownGame) =
        known.Points |> Seq.collect (faultsOf known.Game) |> Array.ofSeq

    let indexOf (x: float[]) (known: KnownGame) =
        Require.shape
            "Known.indexOf"
            (nameof x)
            [| x.Length |]
            [| known.Game.Dimension |]
            (known.Game.Describe())

        let norm (entries: float[]) =
            sqrt (Array.sumBy (fun entry -> entry * entry) entries)

        let isAt (point: float[]) =
            let difference = Array.map2 (-) x point
            known.Game.Wrap difference
            norm difference <= toleranceOfPoints * max 1.0 (norm point)

        known.Points
        |> Array.tryFindIndex (fun point -> isAt point.Point)
        |> Option.defaultValue -1
