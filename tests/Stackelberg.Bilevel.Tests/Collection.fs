/// All problems of BOLIBver2 (Zhou, Zemkoho, Tin) that are stated here.
module Stackelberg.Bilevel.Tests.Collection

let private stated =
    List.concat [
        AiyoshiToBard.problems
        BenAyedToColson.problems
        DeSilvaToDesignCentring.problems
        FalkToHu.problems
        IshizukaToMirrlees.problems
        MitsosBartonUpTo317.problems
        MitsosBartonFrom318ToNetworkDesign.problems
        NieToOutrata1990.problems
        Outrata1993ToSinha.problems
        TollSettingToZlobec.problems
    ]

let private points =
    Map.ofList (PointsToMitsosBarton.all @ PointsFromMitsosBarton.all)

let private corrections =
    Map.ofList [
        for name, leader, follower, reason in Corrections.corrected ->
            name,
            {
                LeaderCost = leader
                FollowerCost = follower
                Reason = reason
            }
    ]

/// The 165 problems that the repository holds; each name once.
let problems = [
    for problem in stated ->
        {
            problem with
                Corrected = corrections.TryFind problem.Name
                Point =
                    points.TryFind problem.Name
                    |> Option.map (fun (x, y) -> Array.ofList x, Array.ofList y)
        }
]

/// The others of the collection's 173, which the repository does not hold, with its reason.
let notStated = [
    "GumusFloudas2001Ex5", "the repository's text of it is incomplete"
    "LuDebSinha2016a", "defined in pieces"
    "LuDebSinha2016b", "defined in pieces"
    "LuDebSinha2016c", "defined in pieces"
    "MorganPatrone2006b", "defined by cases"
    "MorganPatrone2006c", "defined by cases"
    "OptimalControl", "its data come from a partial differential equation"
    "ShehuEtal2019Ex42", "its data are drawn at random"
]

/// Problems whose point has not all published digits, with the reason.
let imprecise = Map.ofList Corrections.imprecise
