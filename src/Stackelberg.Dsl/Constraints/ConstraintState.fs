namespace Stackelberg

/// <summary>A constraint at a point: its values, its multipliers, and which of its entries are active.</summary>
type ConstraintState = {
    /// Who heeds it.
    Player: string
    /// Its name; of a set, what the rows say ("lower bound", "sum = 1").
    Name: string
    /// Whether its entries are to be 0; otherwise at most 0.
    IsEquality: bool
    /// Its entries: at most 0, or 0, where the point is feasible.
    Values: float[]
    /// The multipliers in the player's own problem, f_i + λᵀ g + νᵀ h: 0 for inactive entries.
    Multipliers: float[]
    /// Of a leader's constraint at a critical point of Stackelberg play, the multipliers in its problem through the followers'
    /// answer: what its least cost falls by as the constraint is loosened by one. Empty for others, and on kinks.
    TotalMultipliers: float[]
    /// The entries that are 0; all of them for an equality.
    Active: int[]
    /// The active entries without pressure: their multiplier is 0, and what the player answers has a kink there.
    Weak: int[]
}

module internal ConstraintStates =

    /// Every constraint's state, for a report.
    let of' (game: Game) (point: ConstrainedPoint) : ConstraintState[] =
        point.Own
        |> Array.mapi (fun index found ->
            let m = found.System.InequalityCount
            let λ = OwnProblems.scatter m found.Active found.Local.Multipliers
            let weak = found.Local.Weak |> Array.map (fun i -> found.Active[i])

            let within (rows: ConstraintRows) (some: int[]) =
                some
                |> Array.filter (fun row -> row >= rows.First && row < rows.First + rows.Count)
                |> Array.map (fun row -> row - rows.First)

            // The rows of the leader come first in its problem through the answer.
            let struct (total, totalOfEqualities) =
                match point.Pieces with
                | [| piece |] when index = 0 && piece.IsCritical.Verdict = Verdict.Yes ->
                    struct (OwnProblems.scatter
                                m
                                found.Active
                                (Array.truncate found.Active.Length piece.Multipliers),
                            Array.truncate found.System.EqualityCount piece.EqualityMultipliers)
                | _ -> struct ([||], [||])

            let part (rows: ConstraintRows) (all: float[]) =
                if all.Length = 0 then
                    [||]
                else
                    Array.sub all rows.First rows.Count

            let state (rows: ConstraintRows) (values: float[]) (multipliers: float[]) total active weak = {
                Player = game.Players[index].Name
                Name = rows.Name
                IsEquality = rows.IsEquality
                Values = Array.sub values rows.First rows.Count
                Multipliers = Array.sub multipliers rows.First rows.Count
                TotalMultipliers = part rows total
                Active = active
                Weak = weak
            }

            Array.append
                (found.System.Inequalities
                 |> Array.map (fun rows ->
                     state
                         rows
                         found.Values.Inequalities
                         λ
                         total
                         (within rows found.Active)
                         (within rows weak)))
                (found.System.Equalities
                 |> Array.map (fun rows ->
                     state rows found.Values.Equalities found.Local.EqualityMultipliers totalOfEqualities [|
                         0 .. rows.Count - 1
                     |] [||])))
        |> Array.concat
