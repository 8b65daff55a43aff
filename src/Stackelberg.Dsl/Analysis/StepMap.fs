namespace Stackelberg

open System
open System.Collections.Generic

/// One step of a rule, without noise, as a map of its state z: the joint strategy, followed by all that the rule and its
/// preconditioners remember. Its derivative at a fixed point says how fast runs contract there.
[<Sealed>]
type internal StepMap(rule: Rule, rates: Rate list, game: Game) =

    let settings = {
        Learn.settings with
            Rates = rates
            Steps = Int32.MaxValue
            RecordEvery = 0
    }

    let driver = Driver(rule, settings, game, Array.zeroCreate game.Dimension)

    let isState (name: string) =
        name = "strategy"
        || name.StartsWith("rule: ", StringComparison.Ordinal)
        || name.StartsWith("preconditioner: ", StringComparison.Ordinal)

    /// The state before the first step, in the order of z, and what else a run keeps.
    let states, others =
        driver.Save().Arrays |> Array.partition (fun pair -> isState pair.Key)

    let lengths = states |> Array.map _.Value.Length

    let restore steps (z: float[]) =
        let starts = Array.scan (+) 0 lengths

        let arrays =
            states
            |> Array.mapi (fun i pair -> KeyValuePair(pair.Key, Array.sub z starts[i] lengths[i]))

        driver.Restore(LearnState(game.Name, rule.Name, settings.Seed, steps, Array.append arrays others))

    let advance () =
        driver.Advance()

        match driver.Ended with
        | ValueSome outcome ->
            driver.Ended <- ValueNone
            raise (InvalidOperationException $"StepMap: {game.Name}, {rule.Name}: {outcome}")
        | ValueNone ->
            driver.Save().Arrays
            |> Array.filter (fun pair -> isState pair.Key)
            |> Array.collect _.Value

    /// The first step is another map for rules that begin with an empty memory, so maps are taken from the second on.
    let second = 1

    /// Memories that settle at all do so within this many steps, to this many units.
    let longest, rounding = 1000, 1e-15

    /// The length of z.
    member _.Dimension = Array.sum lengths

    /// The state after one step.
    member _.Apply(z: float[]) : float[] =
        restore second z
        advance ()

    /// The state at x of a run that has been there until what it remembers settles; at a fixed point of the rule, the fixed
    /// point of the map.
    member map.At(x: float[]) : float[] =
        let at (after: float[]) =
            x.CopyTo(after, 0)
            after

        let before = Array.append x (states |> Array.tail |> Array.collect _.Value)
        restore 0 before

        let rec settle left (z: float[]) =
            let after = at (map.Apply z)

            let change = Array.fold2 (fun most a b -> max most (abs (a - b))) 0.0 z after

            if left = 0 || not (change > rounding) then
                after
            else
                settle (left - 1) after

        settle longest (at (advance ()))

    /// <summary>The derivative of the map, by central differences.</summary>
    /// <param name="z">Where.</param>
    /// <param name="h">How far each entry moves: about 1e-5 of the point's size leaves an error of 1e-10; where the map is
    /// affine, as on quadratic games, any h has none but rounding's, and a large one is best.</param>
    member map.Jacobian(z: float[], h: float) : float[,] =
        let jacobian = Array2D.zeroCreate z.Length z.Length

        for column in 0 .. z.Length - 1 do
            let moved by =
                map.Apply(Array.updateAt column (z[column] + by) z)

            let up, down = moved h, moved -h

            for row in 0 .. z.Length - 1 do
                jacobian[row, column] <- (up[row] - down[row]) / (2.0 * h)

        jacobian

    /// The contraction factor of runs near a fixed point x of the rule: the spectral radius of the derivative there.
    member map.SpectralRadius(x: float[], h: float) : float =
        map.Jacobian(map.At x, h)
        |> Dense.eigenvalues
        |> Array.map (fun (value: System.Numerics.Complex) -> value.Magnitude)
        |> Array.max
