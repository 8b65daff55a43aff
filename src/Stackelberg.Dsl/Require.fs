namespace Stackelberg

open System

/// The checks on arguments that more than one file words.
module internal Require =

    let wrong (func: string) (name: string) (problem: string) : 'a =
        raise (ArgumentException((invariant $"{func}: {name} {problem}"), name))

    let shape func name (actual: int[]) (needed: int[]) reason =
        if actual <> needed then
            wrong
                func
                name
                (invariant $"has shape {Shape.show actual}, but {Shape.show needed} is needed ({reason}).")

    let notNull func name (value: obj) =
        if isNull value then
            raise (ArgumentNullException(name, (invariant $"{func}: {name} is null.")))

    let finite func name (value: float) =
        if not (Double.IsFinite value) then
            wrong func name (invariant $"is {value}, but a finite number is needed.")

    let notNegative func name (value: float) =
        if not (Double.IsFinite value && value >= 0.0) then
            wrong func name (invariant $"is {value}, but a finite number of at least 0 is needed.")

    let positive func name (value: float) =
        if not (Double.IsFinite value && value > 0.0) then
            wrong func name (invariant $"is {value}, but a finite number above 0 is needed.")

    let atLeastOne func name (value: int) =
        if value < 1 then
            wrong func name (invariant $"is {value}, but at least 1 is needed.")
