namespace Stackelberg

open System
open System.Threading.Tasks

/// Every critical point of a constrained game in a box, from random starts, round after round, until more are not expected to
/// find anything new.
module internal ConstrainedFindAll =

    /// A start is a whole programme's solution: rounds have this share of the starts of games without constraints.
    let private share = 8

    /// Points nearer than this, relative to their size or the box, are one.
    let private apart = 1e-5

    let private missedBelow, expectedAtMost = 0.05, 0.1

    let run
        (settings: SearchSettings)
        concept
        (lower: float[])
        (upper: float[])
        (game: Game)
        (classify: float[] -> Report)
        : SearchReport =
        let box = SearchBox(game, lower, upper, apart)
        let perRound = max 1 (settings.StartsPerRound / share)
        let points, hits = ResizeArray<float[]>(), ResizeArray<int>()

        let mutable round, quiet, made, outside, failed, duplicates, shown =
            0, 0, 0, 0, 0, 0, 0.0

        let unseen () =
            let all = Seq.sum hits

            if all = 0 then
                1.0
            else
                float (hits |> Seq.filter (fun count -> count = 1) |> Seq.length) / float all

        let isSettled () =
            quiet >= settings.QuietRounds
            && (hits.Count = 0
                || unseen () * float (perRound * settings.QuietRounds) < expectedAtMost)

        let tell () =
            if not (isNull settings.Progress) then
                let left = max 1.0 (float (settings.QuietRounds - quiet))
                shown <- max shown (float round / (float round + left))

                SearchProgress(round, made, points.Count, 0, (if isSettled () then 1.0 else shown))
                |> settings.Progress.Report

        let file found =
            match found with
            | Error _ ->
                failed <- failed + 1
                false
            | Ok(x: float[]) when not (box.Contains x) ->
                outside <- outside + 1
                false
            | Ok x ->
                match points.FindIndex(fun known -> box.Distance(x, known) <= apart) with
                | -1 ->
                    points.Add x
                    hits.Add 1
                    true
                | known ->
                    hits[known] <- hits[known] + 1
                    duplicates <- duplicates + 1
                    false

        let searchRound () =
            let starts = box.Starts(settings.Seed, round, perRound)
            let found = Array.create starts.Length (Error(FindFailure.NotFinite ""))
            let options = ParallelOptions(CancellationToken = settings.Cancellation)

            Concurrently.plainly (fun () ->
                Parallel.For(
                    0,
                    starts.Length,
                    options,
                    fun i ->
                        found[i] <-
                            ConstrainedSearch.findFrom
                                settings.Tolerances
                                settings.Cancellation
                                game
                                concept
                                starts[i]
                )
                |> ignore)

            made <- made + starts.Length
            let news = found |> Array.filter file
            round <- round + 1
            quiet <- if news.Length > 0 then 0 else quiet + 1
            tell ()

        let report isCancelled : SearchReport =
            let found =
                Seq.zip points hits
                |> Array.ofSeq
                |> Array.map (fun (x, hits) -> classify x, hits)
                |> Array.sortBy (fun (report, _) ->
                    report.Point.ToArray()
                    |> Array.map (fun value -> Math.Round(value, 6))
                    |> List.ofArray)

            {
                Game = game.Name
                Concept = concept
                Points = Array.map fst found
                Hits = Array.map snd found
                Continua = [||]
                Kinks = [||]
                Rounds = round
                Starts = made
                Probed = 0
                Duplicates = duplicates
                Outside = outside
                Singular = 0
                Failed = failed
                UnseenShare = unseen ()
                UnseenBasin =
                    if made = 0 then
                        1.0
                    else
                        1.0 - Math.Pow(missedBelow, 1.0 / float made)
                IsSettled = not isCancelled && isSettled ()
                IsCancelled = isCancelled
            }

        try
            while round < settings.MaxRounds && not (isSettled ()) do
                settings.Cancellation.ThrowIfCancellationRequested()
                searchRound ()

            report false
        with :? OperationCanceledException when settings.Cancellation.IsCancellationRequested ->
            raise (SearchCanceledException(report true, settings.Cancellation))
