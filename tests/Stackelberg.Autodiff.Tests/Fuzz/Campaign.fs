namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open System.Collections.Generic
open System.IO

/// A range of seeds judged one after the other, and what came of it.
type Campaign(firstSeed: int, count: int) =
    let counts = Dictionary<struct (string * Verdict), int64>()
    let failures = List<string>()
    let mutable differing = 0
    let mutable judged = 0

    /// As many failures are made small and told; the others are counted.
    let told = 20

    let judge (c: Composition) =
        try
            let findings = Judge.judge c
            findings.Differences |> Seq.map Judge.show |> List.ofSeq, findings
        with e ->
            [ $"{e.GetType().Name}: {e.Message}" ], Findings infinity

    let tell (c: Composition) =
        let smallest = Shrink.smallest (fun c -> not (List.isEmpty (fst (judge c)))) c
        let differences = fst (judge smallest) |> List.truncate 6
        failures.Add(Composition.show smallest + "\n  " + String.Join("\n  ", differences))

    member _.Compositions = count
    member _.Differing = differing
    member _.Failures: string seq = failures

    /// Calls back from time to time with how many are done.
    member _.Run(progress: int -> unit) =
        for seed in firstSeed .. firstSeed + count - 1 do
            let c = Generate.composition seed
            judged <- judged + 1
            let differences, findings = judge c

            for entry in findings.Counts do
                counts[entry.Key] <-
                    (match counts.TryGetValue entry.Key with
                     | true, n -> n
                     | _ -> 0L)
                    + int64 entry.Value

            if not (List.isEmpty differences) then
                differing <- differing + 1

                if failures.Count < told then
                    tell c

            if (seed - firstSeed + 1) % 10000 = 0 then
                progress (seed - firstSeed + 1)

    member _.Total(verdict: Verdict) =
        counts
        |> Seq.sumBy (fun entry ->
            let struct (_, found) = entry.Key
            if found = verdict then entry.Value else 0L)

    /// Counts by check and verdict, and the failures that were made small.
    member campaign.Report() =
        let text = new StringWriter()
        let verdicts = [ Agrees; Weak; NotFinite; Open; Differs ]
        let last = firstSeed + judged - 1
        text.WriteLine $"{judged} compositions, seeds {firstSeed} to {last}; {differing} differ"
        text.WriteLine "check, agrees, agrees within a wide bound, not finite as expected, open, differs"

        for check in
            counts.Keys
            |> Seq.map (fun (struct (check, _)) -> check)
            |> Seq.distinct
            |> Seq.sort do
            let numbers =
                verdicts
                |> List.map (fun verdict ->
                    match counts.TryGetValue(struct (check, verdict)) with
                    | true, n -> string n
                    | _ -> "0")

            text.WriteLine(check + ", " + String.Join(", ", numbers))

        let totals = verdicts |> List.map (campaign.Total >> string)
        text.WriteLine("all, " + String.Join(", ", totals))

        for failure in failures do
            text.WriteLine()
            text.WriteLine failure

        text.ToString()
