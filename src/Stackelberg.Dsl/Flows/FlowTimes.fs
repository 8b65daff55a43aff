namespace Stackelberg

module internal FlowTimes =

    /// <summary>The states of a system at rising times, as far as it goes from each start at time 0; and how that ended.</summary>
    /// <param name="limits">Tolerances, steps at most, when to end. Time scales and times are not read.</param>
    /// <param name="times">At least one, from 0 on.</param>
    /// <param name="system">The system.</param>
    /// <param name="starts">One for each row.</param>
    let integrate
        (limits: FlowSettings)
        (times: float[])
        (system: FlowSystem)
        (starts: float[][])
        : struct (float[][] * FlowOutcome)[] =
        Integrations.run { limits with FieldBelow = 0.0 } (Array.last times) times system starts
        |> Array.map (fun row -> struct (row.States, row.Outcome.Value))
