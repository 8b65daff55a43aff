namespace Stackelberg

/// Steps that lean back to where they began, less and less: by 1/(k + 1) in step k.
module internal Anchored =

    let private weight (s: Step) = 1.0 / (s.Number + 1.0)

    /// The start, from x: angles the shorter way.
    let private back (s: Step) (start: Tensor) x = s.Wrap(start - x)

    /// T(x) + (x₀ − T(x)) / (k + 1), where T is another rule's step.
    let halpern (inner: RuleDefinition) = {
        inner with
            Name = (invariant $"Halpern's {inner.Name}")
            Source = (invariant $"Halpern 1967; Diakonikolas 2020; {inner.Source}")
            Key = struct ("Halpern", inner.Key)
            Memory = fun game start -> Array.append [| "start", start |] (inner.Memory game start)
            Step =
                fun s memory x ->
                    let next, after = inner.Step s memory[1..] x
                    let next = s.Project next
                    next + weight s * back s memory[0] next, Array.append [| memory[0] |] after
    }

    /// Extragradient, both of whose steps begin at a = x + (x₀ − x) / (k + 1): z = Π(a − γ ω(x)), x⁺ = Π(a − γ ω(z)).
    let extragradient =
        RuleDefinition.known "extra anchored gradient" "Yoon and Ryu 2021, section 2 (EAG-C)" [] (fun _ x ->
            x)
        |> RuleDefinition.remembering (fun _ start -> [| "start", start |]) (fun s memory x ->
            let from = x + weight s * back s memory[0] x
            s.Descend(from, s.Omega(s.Descend(from, s.Omega x))), memory)
