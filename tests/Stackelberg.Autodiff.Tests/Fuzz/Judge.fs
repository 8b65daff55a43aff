namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open System.Collections.Generic
open Stackelberg

/// What came of one comparison of numbers.
type Verdict =
    | Agrees
    /// Agrees, but within a bound that is no small part of the number.
    | Weak
    /// Infinite or NaN, as expected.
    | NotFinite
    /// Nothing can be expected: overflow, a pole, a branch that rounding decides.
    | Open
    | Differs

type Difference = {
    Check: string
    Entry: int
    Expected: float
    Bound: float
    Actual: float
}

/// The comparisons of one composition, and the differences among them.
type Findings(largest: float) =
    /// The largest number of the narrowest number type on the way.
    member _.Largest = largest
    member val Counts = Dictionary<struct (string * Verdict), int>()
    member val Differences = List<Difference>()

    member f.Count(check: string, verdict) =
        let key = struct (check, verdict)

        f.Counts[key] <-
            (match f.Counts.TryGetValue key with
             | true, n -> n + 1
             | _ -> 1)

type Mode =
    | Forward
    | Reverse

module Judge =

    /// Products of partial derivatives may leave the range of the numbers in one order of multiplication and not in another.
    let private isWithinReach (findings: Findings) order (jet: Jet) =
        order = 0 || jet.Reach * float (order + 1) < 0.9 * Math.Log2 findings.Largest

    let private number (findings: Findings) check (p: Precision) set (jet: Jet) entry (actual: float) =
        let order = Numerics.BitOperations.PopCount(uint set)
        let expected, bound = jet.Values[set], jet.Errors[set]
        // Further sums of what the derivative is made of, in another order.
        let bound =
            if order = 0 then
                bound
            else
                bound * 2.0 + 8.0 * p.Unit * jet.Sizes[set]

        let verdict =
            if
                not (Double.IsFinite bound)
                && not (bound = 0.0)
                && (expected.IsFinite || not (Double.IsFinite jet.Errors[set]))
            then
                Open
            elif not (isWithinReach findings order jet) then
                Open
            elif expected.IsNaN then
                if Double.IsNaN actual then NotFinite else Differs
            elif not expected.IsFinite then
                if actual = expected.Hi then NotFinite else Differs
            elif not (Double.IsFinite actual) then
                Differs
            else
                let off = abs (Wide.Of actual - expected).Value

                if off <= bound then
                    (if bound > 1e-3 * abs expected.Value && jet.Sizes[set] > 0.0 && bound > p.Tiny then
                         Weak
                     else
                         Agrees)
                else
                    Differs

        findings.Count(check, verdict)

        if verdict = Differs then
            findings.Differences.Add {
                Check = check
                Entry = entry
                Expected = expected.Value
                Bound = (if expected.IsFinite then bound else 0.0)
                Actual = actual
            }

    let private array (findings: Findings) check p set (expected: Many) (actual: Tensor) =
        if actual.Shape <> expected.Shape then
            findings.Count(check, Differs)

            findings.Differences.Add {
                Check = check + ", the shape"
                Entry = -1
                Expected = float expected.Shape.Length
                Bound = 0.0
                Actual = float actual.Shape.Length
            }
        else
            let numbers = actual.ToArray()

            expected.Entries
            |> Array.iteri (fun i jet -> number findings check p set jet i numbers[i])

    /// Σ wᵢ fᵢ(x).
    let private weights count =
        Array.init count (fun i -> [| 1.0; -0.5; 2.0; 0.75 |][i % 4])

    let private weighted (p: Precision) (f: Tensor -> Tensor) (x: Tensor) =
        let y = f x
        Tensor.sum (Composition.tensor p y.Shape (weights (Many.count y.Shape)) * y)

    let private weightedReference (p: Precision) (y: Many) =
        let terms = Array.map2 (Entry.scaled p) (weights y.Entries.Length) y.Entries

        if terms.Length = 0 then
            Jet.constant p 0.0
        else
            Jet.sum p terms

    let private pairing (c: Composition) (direction: float[]) (gradient: Tensor) =
        match Composition.unitOf direction with
        | ValueSome k -> Tensor.reshape [] (Tensor.slice 0 k 1 (Tensor.flatten gradient))
        | ValueNone -> Tensor.sum (gradient * Composition.tensor c.Precision c.Shape direction)

    /// The mixed derivative of a scalar function along the first of the directions, one mode for each, the innermost first.
    let private derivative (c: Composition) (modes: Mode[]) (phi: Tensor -> Tensor) : Tensor -> Tensor =
        modes
        |> Array.indexed
        |> Array.fold
            (fun (f: Tensor -> Tensor) (i, mode) ->
                let direction = c.Directions[i]

                match mode with
                | Forward -> fun x -> Diff.gradv f x (Composition.tensor c.Precision c.Shape direction)
                | Reverse -> fun x -> pairing c direction (Diff.grad f x))
            phi

    let private nameOf (modes: Mode[]) =
        modes
        |> Array.map (fun m -> if m = Forward then "F" else "R")
        |> String.concat ""

    /// All comparisons of a composition, the same for the same composition.
    let judge (c: Composition) : Findings =
        let narrowest =
            if Composition.passesThroughSingle c then
                Precision.Single
            else
                c.Precision

        let findings = Findings narrowest.Largest
        let random = Random(c.Seed ^^^ 0x5EED)
        let p = c.Precision
        let f = Composition.engine c
        let x = Composition.point c
        let expected = Composition.reference c

        let scalar = {
            Shape = [||]
            Entries = [| weightedReference p expected |]
        }

        let isEmpty = c.Point.Length = 0
        array findings "value" p 0 expected (f x)

        let jitted chance g =
            if random.Next chance = 0 then "jit ", Diff.jit g else "", g

        if random.Next 8 = 0 then
            array findings "value, jit" p 0 expected (Diff.jit f x)

        if random.Next 8 = 0 then
            let batch = Tensor.stack 0 [ x; x * 0.5; x ]
            let rows = Diff.vmap f batch
            array findings "value, vmap" p 0 expected (rows[2])

            let other = {
                c with
                    Point = c.Point |> Array.map (fun v -> p.Round(v * 0.5))
            }

            array findings "value, vmap" p 0 (Composition.reference other) (rows[1])

        let direction = Composition.tensor p c.Shape c.Directions[0]
        let note, push = jitted 8 (fun x -> snd (Diff.jvp f x direction))
        array findings $"{note}jvp" p 1 expected (push x)
        let phi = weighted p f
        let note, gradient = jitted 8 (Diff.grad phi)
        let gradient = gradient x

        c.Directions
        |> Array.iteri (fun i direction ->
            if not isEmpty then
                array findings $"{note}grad" p (1 <<< i) scalar (pairing c direction gradient))

        if random.Next 8 = 0 then
            let rows = Diff.vmap (Diff.grad phi) (Tensor.stack 0 [ x * 0.5; x ])

            if not isEmpty then
                array findings "grad, vmap" p 1 scalar (pairing c c.Directions[0] rows[1])

        for order in 2 .. c.Directions.Length do
            let modes =
                Array.init order (fun _ -> if random.Next 2 = 0 then Forward else Reverse)

            let note, g = jitted 8 (derivative c modes phi)

            if not isEmpty then
                array findings $"{note}{nameOf modes}" p ((1 <<< order) - 1) scalar (g x)

        if
            c.Directions.Length = 2
            && c.Shape.Length = 1
            && not isEmpty
            && random.Next 4 = 0
        then
            match Composition.unitOf c.Directions[0], Composition.unitOf c.Directions[1] with
            | ValueSome i, ValueSome j ->
                let hessian = Diff.hessian phi x
                array findings "hessian" p 3 scalar hessian[i, j]
                array findings "hessian" p 3 scalar hessian[j, i]
            | _ -> ()

        findings

    let show (d: Difference) =
        $"{d.Check} [{d.Entry}]: {Operation.show d.Actual} where {Operation.show d.Expected} ± {Operation.show d.Bound} was expected"
