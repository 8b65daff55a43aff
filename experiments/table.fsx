// Writes the README's table of reproduced numbers from run folders:
//     dotnet fsi experiments/table.fsx runs/duopoly-… runs/torus-… …
#load "../games/Prelude.fsx"

open System
open System.Globalization
open System.IO
open Stackelberg

/// What the table shows of each experiment; all checks are in the run folder's summary.json.
let headlines = [
    "closed/nash/q1", "leader's quantity, Nash"
    "closed/stackelberg/q1", "leader's quantity, Stackelberg"
    "closed/stackelberg/profit1", "leader's profit, Stackelberg"
    "run/stack/noisy/x99/1", "leader's quantity after 99 noisy steps"
    "equilibria/omegaS/2/x1", "θ1 at a Stackelberg equilibrium"
    "equilibria/omegaS/2/schurJ", "Schur complement of J there"
    "equilibria/omegaS/2/totalHessian", "D²f1 along the reaction there"
    "run/stack/seed12/noiseless/updates", "updates until the stopping rule, seed 12"
    "a0.15/omegaS/count", "critical points of ω_S, a = 0.15, b = 0.25"
    "a0.15/omegaS/0/isDSE", "(−13.34, −9.99) is a differential Stackelberg equilibrium"
    "a0.15/omegaS/0/isDNE", "… and a differential Nash equilibrium"
    "shift1/omegaS/0/x1", "x1 at the Stackelberg equilibrium, shift [1, −1]"
    "shift1/omegaS/0/totalHessian", "D²f1 along the reaction there"
    "shift1/run/stack/ratio10/start0/forGood/1e-6", "steps until within 1e-6 for good, rates 1 : 10"
    "d3/tau2/simgrad/error/9999", "‖VVᵀ − Σ‖, d = 3, simultaneous play (a cycle)"
    "d3/tau2/stack/error/1001", "… Stackelberg play after 1001 steps"
    "d25/tau2/stack/error/9999", "… d = 25, after 9999 steps"
]

let number (value: Nullable<float>) =
    if value.HasValue then
        value.Value.ToString("G9", CultureInfo.InvariantCulture)
    else
        "not produced"

let rows folder =
    let run = RunResult.Read folder
    let checks = run.Report.Checks
    let ok = checks |> Seq.filter _.Ok |> Seq.length

    [
        $"| **{run.Configuration.Experiment}** | {ok} of {checks.Count} checks ok | | |"
        for key, words in headlines do
            for check in checks do
                if check.Name = key then
                    let expected, found = number (Nullable check.Expected), number check.Actual
                    $"| | {words} | {expected} | {found} |"
    ]

let folders = fsi.CommandLineArgs |> Array.skip 1

if folders.Length = 0 then
    eprintfn "table.fsx: no run folder given; name one or more that `stackelberg run` has made."
    exit 2

let table =
    [
        "| experiment | number | source | found |"
        "|---|---|---:|---:|"
        yield! List.collect rows (List.ofArray folders)
    ]
    |> String.concat "\n"

let readme = Path.Combine(__SOURCE_DIRECTORY__, "..", "README.md")
let text = File.ReadAllText readme

let first =
    "<!-- table: begin (written by experiments/table.fsx from run folders) -->"

let last = "<!-- table: end -->"

let before =
    text.Substring(0, text.IndexOf(first, StringComparison.Ordinal) + first.Length)

let after = text.Substring(text.IndexOf(last, StringComparison.Ordinal))
File.WriteAllText(readme, $"{before}\n{table}\n{after}")
printfn "%s" table
