namespace Stackelberg

/// Rules whose run is at the average of another rule's points; these go on beside it, as what the run remembers.
module internal Averaging =

    /// x⁺ = x + w (z⁺ − x), where z⁺ is the inner rule's next point and w the weight of step k; angles go the shorter way.
    let private around name source (key: obj) (weight: Step -> Tensor) (inner: RuleDefinition) = {
        inner with
            Name = (invariant $"{name} of {inner.Name}")
            Source = (invariant $"{source}; {inner.Source}")
            Key = struct (key, inner.Key)
            Memory = fun game start -> Array.append [| "point", start |] (inner.Memory game start)
            Step =
                fun s memory x ->
                    let next, after = inner.Step s memory[1..] memory[0]
                    let next = s.Project next |> s.Wrap
                    // Whether the run has arrived is a question to the average.
                    s.JudgeAt x
                    x + weight s * s.Wrap(next - x), Array.append [| next |] after
    }

    let uniform inner =
        around
            "uniform average"
            "Bruck 1977; Gidel, Berard, Vignoud, Vincent and Lacoste-Julien 2019, section 3.1"
            "uniform"
            (fun s -> 1.0 / s.Number)
            inner

    /// Without correction for its start: it begins at the run's.
    let exponential (β: float) inner =
        around
            (invariant $"exponential average {β}")
            "Polyak and Juditsky 1992; Yazıcı, Foo, Winkler, Yap, Piliouras and Chandrasekhar 2019, section 3"
            (struct ("exponential", β))
            (fun _ -> Tensor.scalar (1.0 - β))
            inner
