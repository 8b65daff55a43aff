namespace Stackelberg

open System

/// One step of a rule, without noise, as a map of its state z: the joint strategy, followed by all that the rule and its
/// preconditioners remember. Its derivative at a fixed point says how fast runs contract there.
[<Sealed>]
type internal StepMap(rule: Rule, rates: Rate list, game: Game) =

    let program = LearnProgram.ofRun rule { Learn.settings with Rates = rates } game

    let layout = program.Layout
    let run = StepRun(program, false, Noise.Silent, 0UL)
    let parts = Array.append [| run.X |] run.Memory
    let lengths = parts |> Array.map _.Length
    let starts = Array.scan (+) 0 lengths
    let dimension = Array.sum lengths
    let rates = Array.ofList rates

    let setRates k =
        for index in 0 .. run.Rates.Length - 1 do
            run.Rates[index].[0] <- rates[if rates.Length = 1 then 0 else index].At k

    let write (z: float[]) =
        parts |> Array.iteri (fun i part -> Array.blit z starts[i] part 0 lengths[i])

    /// The step k from a state; after it, uses of the preconditioners have grown.
    let advance k (z: float[]) : float[] =
        write z
        setRates k
        run.Execute k

        if not (Finite.all run.Next) then
            raise (
                InvalidOperationException(
                    invariant $"StepMap: {game.Name}, {rule.Name}: the step is not finite there."
                )
            )

        match run.FailedRoot with
        | ValueSome report ->
            raise (
                InvalidOperationException(
                    invariant
                        $"StepMap: {game.Name}, {rule.Name}: {rule.Definition.Sought} did not converge: {report}."
                )
            )
        | ValueNone -> ()

        run.Accept()
        Array.concat parts

    /// The first step is another map for rules that begin with an empty memory, so maps are taken from the second on.
    let second = 2

    /// Memories that settle at all do so within this many steps, to this much of their size: an answer that follows in short
    /// steps takes tens of thousands.
    let longest, rounding = 100_000, 1e-15

    /// How often preconditioners have been used before the step k.
    let setUses k =
        run.Uses
        |> Array.iteri (fun index uses -> uses[0] <- float ((k - 1) * layout.TimesUsed[index]))

    /// The length of z.
    member _.Dimension = dimension

    /// The state after one step.
    member _.Apply(z: float[]) : float[] =
        setUses second
        advance second z

    /// The state at x of a run that has been there until what it remembers settles; at a fixed point of the rule, the fixed
    /// point of the map.
    member map.At(x: float[]) : float[] =
        let at (after: float[]) =
            x.CopyTo(after, 0)
            after

        let before = Array.zeroCreate<float> dimension
        x.CopyTo(before, 0)

        for struct (name, values) in StepExpression.memory rule game x do
            values.CopyTo(before, starts[1 + Array.IndexOf(layout.Names, name)])

        let rec settle left (z: float[]) =
            let after = at (map.Apply z)

            let change =
                Array.fold2 (fun most a b -> max most (abs (a - b) / max 1.0 (abs a))) 0.0 z after

            if left = 0 || not (change > rounding) then
                after
            else
                settle (left - 1) after

        setUses 1
        let begun = at (advance 1 before)
        settle longest begun

    /// <summary>The derivative of the map.</summary>
    /// <param name="z">Where.</param>
    member _.Jacobian(z: float[]) : float[,] =
        let derivative = program.Derivative.CreateRun()
        setUses second
        write z
        setRates second

        for i in 0 .. layout.Inputs - 1 do
            run.CopyInput(i, derivative)

        (derivative.Input layout.Number)[0] <- float second
        let jacobian = Array2D.zeroCreate dimension dimension

        for part in 0 .. parts.Length - 1 do
            let tangent = derivative.Input(layout.Inputs + part)

            for entry in 0 .. lengths[part] - 1 do
                tangent[entry] <- 1.0
                derivative.Execute()
                tangent[entry] <- 0.0

                for result in 0 .. parts.Length - 1 do
                    let slope = derivative.Output result

                    for row in 0 .. lengths[result] - 1 do
                        jacobian[starts[result] + row, starts[part] + entry] <- slope[row]

        jacobian

    /// The contraction factor of runs near a fixed point x of the rule: the spectral radius of the derivative there.
    member map.SpectralRadius(x: float[]) : float =
        map.Jacobian(map.At x)
        |> Dense.eigenvalues
        |> Array.map (fun (value: System.Numerics.Complex) -> value.Magnitude)
        |> Array.max
