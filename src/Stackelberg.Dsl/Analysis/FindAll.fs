// Long, because it is one search: every step of it reads and writes the points, counts and shares that are known so far.
namespace Stackelberg

open System
open System.Threading
open System.Threading.Tasks
open Stackelberg.Kernels

/// What became of one start.
[<RequireQualifiedAccess>]
type internal Arrival =
    /// At a critical point in the box.
    | Critical of point: float[]
    /// Near a point found before.
    | Known of index: int
    /// At a critical point outside of it.
    | Outside
    /// Where the followers' second derivatives are singular.
    | Singular
    | Nowhere

/// Every critical point of a concept's field in a box, by damped Newton steps from random starts, round after round.
/// Every second round divides the field by its known zeros, which leads starts away from their basins.
[<Sealed>]
type internal FindAll
    (
        settings: SearchSettings,
        concept: Concept,
        lower: float[],
        upper: float[],
        game: Game,
        classify: float[] -> Report
    ) =

    let d = game.Dimension
    let field = Linearisation.field game concept

    /// Two points nearer than this, relative to their size or the box, are one; Newton leaves errors of about 1e-10.
    let apart = 1e-6

    /// A start led so near to a point that it need not be refined; the vector program leaves errors of about 1e-6.
    let recognised = 1e-5

    /// As apart for points with a singular Jacobian, which Newton leaves at about the root of the field's rounding.
    let apartWhereSingular = 1e-3

    /// A singular value below this share of ‖J‖ counts as zero.
    let singularBelow = 1e-7

    /// A field with this residual relative to ‖J‖ is zero to rounding; more is left where a start is drawn to a fold of
    /// the reaction curve, at which the followers' curvature vanishes.
    let rounding, foldBelow = 1e-10, 1e-3

    /// How far along a singular direction, relative to a point's size, the next point of a set is looked for.
    let sideways = 1e-2

    /// How near the points kept of a set may be to each other, as a share of the box's widths, and how many there are.
    let spread, kept = 0.1, 32

    /// The widest vector of starts, in entries of all their Jacobians: 8 MB.
    let widest = 1 <<< 20

    /// Above this dimension a start's Jacobian is better decomposed alone.
    let vectorUpTo = 64

    let reportsPerRound = 8

    /// Where more than this share of the first round's starts fail, so many of them are led on by the players' descent,
    /// fewer in more dimensions.
    let failing, relaxedStarts = 0.5, 16

    /// Above this dimension no lines are looked along: their number grows with it.
    let probedUpTo = 64

    /// How likely a basin of the size that a report names was missed.
    let missedBelow = 0.05

    /// Expected new points in as many rounds again as were quiet, below which the search ends.
    let expectedAtMost = 0.1

    let box = SearchBox(game, lower, upper, apart)
    let isolated = ResizeArray<float[]>()
    let hits = ResizeArray<int>()
    let continua = ResizeArray<float[]>()
    let kinks = ResizeArray<struct (float[] * SignChange[])>()

    /// The basins of found points are smaller than the box by their number's root; a tenth of a side serves for few.
    let deflate points = Deflation(box, 0.1, points)

    let size (x: float[]) =
        x |> Array.fold (fun most value -> max most (abs value)) 1.0

    /// Bounds hold answers fast, which the vector program does not know, and it computes in double precision: other
    /// starts go one by one.
    let vector =
        if
            d > vectorUpTo
            || game.Precision <> DType.Float64
            || game.Players |> Array.exists _.Domain.IsBox
        then
            ValueNone
        else
            let conjecture =
                match concept with
                | Concept.Nash -> Conjecture.none
                | _ -> Linearisation.exactly game Conjecture.bestResponse

            let count = min settings.StartsPerRound (max 1 (widest / (d * d)))
            ValueSome(VectorNewton(game, conjecture, box, count))

    /// Points near zeros, or null, for every start.
    let approach (deflation: Deflation) (starts: float[][]) =
        match vector with
        | ValueNone -> starts
        | ValueSome vector ->
            starts
            |> Array.chunkBySize vector.Count
            |> Array.collect (fun some -> vector.Walk(deflation, box.IsLost, settings.Cancellation, some))

    /// Whether a point with a field that is not quite zero lies where the followers' curvature vanishes: there ω_S takes
    /// every value nearby.
    let isFold (x: float[]) =
        let below = game.Offsets[game.Levels[0]]

        if concept = Concept.Nash || below = d then
            false
        else
            let local = Linearisation.at settings.Tolerances field x

            let nash =
                Linearisation.at settings.Tolerances (Linearisation.field game Concept.Nash) x

            let norm = Dense.norm nash.Jacobian
            let answering = local.Free |> Array.filter (fun entry -> entry >= below)

            local.Residual > rounding * max 1.0 norm
            && Dense.leastSingularValue (Dense.select answering answering nash.Jacobian)
               <= foldBelow * norm

    let refine near =
        Newton.refine settings.Tolerances settings.Cancellation game concept near

    let nearest within (x: float[]) (points: ResizeArray<float[]>) =
        points.FindIndex(fun known -> box.Distance(x, known) <= within)

    let arrive (near: float[]) =
        if isNull near then
            Arrival.Nowhere
        else
            match nearest recognised near isolated with
            | known when known >= 0 -> Arrival.Known known
            | _ ->
                match refine near with
                | Ok x ->
                    game.Settle x

                    if isFold x then Arrival.Singular
                    elif box.Contains x then Arrival.Critical x
                    else Arrival.Outside
                | Error(FindFailure.SingularFollower _) -> Arrival.Singular
                | Error _ -> Arrival.Nowhere

    /// The directions in which the field does not change to first order.
    let flatDirections (x: float[]) =
        let local = Linearisation.at settings.Tolerances field x
        let jacobian = Dense.select local.Free local.Free local.Jacobian

        // A player's unit of cost does not make its gradient flat.
        let rows =
            Array.init local.Free.Length (fun row ->
                Seq.fold
                    (fun most column -> max most (abs jacobian[row, column]))
                    0.0
                    (seq { 0 .. local.Free.Length - 1 }))

        let relative =
            jacobian
            |> Array2D.mapi (fun row _ entry -> if rows[row] = 0.0 then 0.0 else entry / rows[row])

        Dense.nullVectors (singularBelow * max 1.0 (Dense.norm relative)) relative
        |> Array.map (fun direction ->
            let whole = Array.zeroCreate d
            local.Free |> Array.iteri (fun k entry -> whole[entry] <- direction[k])
            whole)

    /// Whether there are critical points beside a point, along a flat direction.
    let isOnContinuum (x: float[]) directions =
        let step = sideways * size x

        let leads (direction: float[]) sign =
            let beside = Array.map2 (fun value v -> value + sign * step * v) x direction
            game.Settle beside

            match refine beside with
            | Ok found -> box.Distance(found, x) * size x > 0.25 * step && not (isFold found)
            | Error _ -> false

        directions
        |> Array.exists (fun direction -> leads direction 1.0 || leads direction -1.0)

    let hit isPlain index =
        if isPlain then
            hits[index] <- hits[index] + 1

    /// Files a critical point; whether it is news.
    let add isPlain (x: float[]) =
        let hit = hit isPlain

        let file () =
            isolated.Add x
            hits.Add(if isPlain then 1 else 0)
            true

        match nearest apart x isolated with
        | known when known >= 0 ->
            hit known
            false
        | _ ->
            let directions = flatDirections x

            if directions.Length = 0 then
                file ()
            else
                match nearest apartWhereSingular x isolated with
                | known when known >= 0 ->
                    hit known
                    false
                | _ when continua.Exists(fun known -> box.Share(x, known) <= spread) -> false
                | _ when isOnContinuum x directions ->
                    if continua.Count < kept then
                        continua.Add x

                    continua.Count = 1
                | _ -> file ()

    let unseenShare () =
        let counted = Seq.sum hits

        if counted = 0 then
            1.0
        else
            float (hits |> Seq.filter (fun count -> count = 1) |> Seq.length)
            / float counted

    let ordered (reports: (Report * int)[]) =
        reports
        |> Array.sortBy (fun (report, _) ->
            report.Point.ToArray()
            |> Array.map (fun value -> Math.Round(value, 6))
            |> List.ofArray)

    let mutable round, quiet, greatestShare = 0, 0, 0.0

    let mutable outside, singular, failed, duplicates, probed, plainStarts =
        0, 0, 0, 0, 0, 0

    let isSettled () =
        quiet >= settings.QuietRounds
        && (Seq.sum hits = 0
            || unseenShare () * float (settings.StartsPerRound * settings.QuietRounds) < expectedAtMost)

    let starts () =
        isolated.Count + continua.Count - probed
        + duplicates
        + outside
        + singular
        + failed

    /// A part of the round is done; of the rest is assumed that it is quiet.
    let tell (part: float) =
        if not (isNull settings.Progress) then
            let made = float round + part

            let left =
                max 1.0 (float (settings.QuietRounds - quiet)) - part
                |> min (float settings.MaxRounds - made)

            greatestShare <- max greatestShare (made / (made + left))

            SearchProgress(round, starts (), isolated.Count, continua.Count, greatestShare)
            |> settings.Progress.Report

    /// As Array.Parallel.map, but ended by the token.
    let inParallel (f: float[] -> Arrival) (points: float[][]) =
        let arrivals = Array.create points.Length Arrival.Nowhere
        let options = ParallelOptions(CancellationToken = settings.Cancellation)

        Concurrently.plainly (fun () ->
            Parallel.For(0, points.Length, options, (fun i -> arrivals[i] <- f points[i]))
            |> ignore)

        arrivals

    let fileAll isPlain arrivals =
        let mutable isNews = false

        for arrival in arrivals do
            match arrival with
            | Arrival.Critical x ->
                let before = isolated.Count + continua.Count
                isNews <- add isPlain x || isNews

                if isolated.Count + continua.Count = before then
                    duplicates <- duplicates + 1
            | Arrival.Known index ->
                hit isPlain index
                duplicates <- duplicates + 1
            | Arrival.Outside -> outside <- outside + 1
            | Arrival.Singular -> singular <- singular + 1
            | Arrival.Nowhere -> failed <- failed + 1

        isNews

    /// Where the players' descent leads from a start that failed.
    let relax (start: float[]) =
        match Newton.descend settings.Tolerances settings.Cancellation game concept start with
        | Ok near -> arrive near
        | Error _ -> Arrival.Nowhere

    /// Some of the first round's failures, if there are many, led on by the players' descent: Newton's steps leave the flat
    /// outskirts of a cost in the wrong direction, and have none where costs are linear.
    let leadOn (lost: ResizeArray<struct (float[] * Arrival)>) count =
        if float lost.Count <= failing * float count then
            false
        else
            let some = lost |> Seq.truncate (max 2 (min relaxedStarts (256 / d))) |> Array.ofSeq

            for struct (_, arrival) in some do
                if arrival = Arrival.Singular then
                    singular <- singular - 1
                else
                    failed <- failed - 1

            some
            |> Array.map (fun (struct (start, _)) -> start)
            |> inParallel relax
            |> fileAll false

    let addKink (struct (x: float[], crossings)) =
        if
            box.Contains x
            && not (kinks.Exists(fun (struct (known, _)) -> box.Distance(x, known) <= apart))
        then
            kinks.Add(struct (x, crossings))

    /// Looks along lines for what random starts do not lead to.
    let probe () =
        if d <= probedUpTo then
            let probe = LineProbe(field, box, settings.Seed, settings.Cancellation)
            let struct (zeros, jumps) = probe.Candidates()

            let isNews =
                inParallel arrive zeros
                |> Array.fold
                    (fun isNews arrival ->
                        match arrival with
                        | Arrival.Critical x ->
                            let before = isolated.Count + continua.Count
                            let isNew = add false x
                            probed <- probed + isolated.Count + continua.Count - before
                            isNew || isNews
                        | _ -> isNews)
                    false

            for near in jumps do
                probe.Kink near |> ValueOption.iter addKink

            isNews
        else
            false

    let searchRound () =
        let isPlain = round % 2 = 0 || isolated.Count = 0
        let deflation = deflate (if isPlain then [||] else isolated.ToArray())
        let starts = box.Starts(settings.Seed, round, settings.StartsPerRound)
        let near = approach deflation starts

        let parts =
            [| 0 .. starts.Length - 1 |]
            |> Array.chunkBySize (max 1 (starts.Length / reportsPerRound))

        let mutable isNews = false
        let lost = ResizeArray<struct (float[] * Arrival)>()

        for k in 0 .. parts.Length - 1 do
            tell (float k / float parts.Length)
            let arrivals = parts[k] |> Array.map (fun i -> near[i]) |> inParallel arrive
            isNews <- fileAll isPlain arrivals || isNews

            arrivals
            |> Array.iteri (fun i arrival ->
                if arrival = Arrival.Nowhere || arrival = Arrival.Singular then
                    lost.Add(struct (starts[parts[k].[i]], arrival)))

        if round = 0 then
            isNews <- leadOn lost starts.Length || isNews
            isNews <- probe () || isNews

        if isPlain then
            plainStarts <- plainStarts + starts.Length

        round <- round + 1
        quiet <- if isNews then 0 else quiet + 1
        tell 0.0

    let kink (struct (x: float[], crossings: SignChange[])) : SearchKink =
        let entries =
            [| 0 .. d - 1 |] |> Array.filter (fun entry -> crossings[entry].IsJump)

        {
            Point = Tensor.ofArray x
            Entries = entries
            Players = entries |> Array.map (fun entry -> game.Players[game.OwnerOf entry].Name)
            Below = entries |> Array.map (fun entry -> crossings[entry].Below)
            Above = entries |> Array.map (fun entry -> crossings[entry].Above)
        }

    let report isCancelled : SearchReport =
        let points =
            Seq.zip isolated hits
            |> Array.ofSeq
            |> Array.map (fun (x, hits) -> classify x, hits)
            |> ordered

        {
            Game = game.Name
            Concept = concept
            Points = Array.map fst points
            Hits = Array.map snd points
            Continua =
                continua.ToArray()
                |> Array.map (fun x -> classify x, 0)
                |> ordered
                |> Array.map fst
            Kinks =
                kinks.ToArray()
                |> Array.sortBy (fun (struct (x, _)) ->
                    x |> Array.map (fun value -> Math.Round(value, 6)) |> List.ofArray)
                |> Array.map kink
            Rounds = round
            Starts = starts ()
            Probed = probed
            Duplicates = duplicates
            Outside = outside
            Singular = singular
            Failed = failed
            UnseenShare = unseenShare ()
            UnseenBasin =
                if plainStarts = 0 then
                    1.0
                else
                    1.0 - Math.Pow(missedBelow, 1.0 / float plainStarts)
            IsSettled = not isCancelled && isSettled ()
            IsCancelled = isCancelled
        }

    member _.Run() : SearchReport =
        try
            while round < settings.MaxRounds && not (isSettled ()) do
                settings.Cancellation.ThrowIfCancellationRequested()
                searchRound ()

            let report = report false
            settings.Cancellation.ThrowIfCancellationRequested()
            greatestShare <- 1.0
            tell 0.0
            report
        with :? OperationCanceledException when settings.Cancellation.IsCancellationRequested ->
            raise (SearchCanceledException(report true, settings.Cancellation))
