namespace Stackelberg.Benchmarks

/// Every comparison, in the order of the table.
[<RequireQualifiedAccess>]
module Works =

    let all: Comparison list = [
        yield! MixtureStep.works
        yield! Covariance.works
        yield! Duopoly.works
        yield! Products.works
        yield! Torus.works
        yield! Learning.works
        yield! Discriminator.works
        yield! Dcgan.works
        MixtureStep.compileWork
    ]

    /// The programs that the profiler knows.
    let programs = [
        "mog", (fun () -> MixtureGame.compile MixtureGame.stackelberg)
        "simultaneous", (fun () -> MixtureGame.compile MixtureGame.simultaneous)
        "covariance3", (fun () -> Covariance.program 3)
        "covariance9", (fun () -> Covariance.program 9)
        "covariance25", (fun () -> Covariance.program 25)
        "covariance50", (fun () -> Covariance.program 50)
        "duopoly", Duopoly.program
        "discriminator", Discriminator.program
        "dcgan", Dcgan.program
        "torus", (fun () -> Torus.program [||])
        "torus1000", (fun () -> Torus.program [| 1000 |])
    ]
