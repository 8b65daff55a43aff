/// Laws for all inputs, by FsCheck: the one place that says from which seed their random cases come.
module Stackelberg.Tests.Law

open System
open System.Globalization
open FsCheck
open FsCheck.FSharp

/// A number, or "random" for new cases every time.
let private variable = "STACKELBERG_TESTS_SEED"

/// Fixed unless the variable says otherwise, so that what fails once fails again.
let private seed =
    match Environment.GetEnvironmentVariable variable with
    | null
    | "" -> 2020UL
    | "random" -> uint64 (Random.Shared.NextInt64())
    | text -> UInt64.Parse(text, CultureInfo.InvariantCulture)

/// Checks a property on so many cases. A failure says how to see it again.
let check (count: int) (property: 'Testable) =
    let config =
        Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(Some { Rnd = Rnd seed; Size = None })

    try
        Check.One(config, property)
    with error ->
        raise (Exception($"{error.Message}\nThe same cases again: {variable}={seed}", error))

/// Checks a property on a hundred cases.
let holds (property: 'Testable) = check 100 property

/// Checks a property on so many random numbers. (FsCheck's own integers stay below 100.)
let forSeeds (count: int) (property: int -> 'Testable) =
    check count (Prop.forAll (Arb.fromGen (Gen.choose (0, Int32.MaxValue - 10))) property)
