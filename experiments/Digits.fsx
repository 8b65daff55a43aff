// The images of handwritten digits that the experiments on DCGANs learn, and the classifier that scores them.
#load "Gans.fsx"

open System
open System.IO
open Gans
open Stackelberg
open Stackelberg.Data
open Stackelberg.Evaluation

// Words that a user gives in the place of a folder, of a file, and of digits.
let synthetic, trainHere, allDigits = "synthetic", "train", "all"

// One set of images for all runs; of seven drawn images six are to train with, as in MNIST.
let imagesSeed = 1UL
let trainPerTest = 6

// One of each digit.
let leastImages = 10

// The size of the classifier's batches.
let classifierBatch = 100

let classifierFile = "classifier.safetensors"

let private path = SettingType.Text "a path"

/// The settings of the images: the digits to learn, and how many are drawn where no folder is given.
let imageSettings digits images = [
    changes "data" synthetic path "a folder with the four files of MNIST, or synthetic for drawn digits"
    neutral
        "anyDigits"
        "false"
        SettingType.YesNo
        "whether a folder may hold other images than the published ones"
    changes
        "digits"
        digits
        (SettingType.WordOr(allDigits, SettingType.SomeOf(seq { for digit in 0..9 -> string digit })))
        "the digits to learn: all, or a list as 0,1"
    changes "images" images (SettingType.Whole(leastImages, 1_000_000)) "synthetic images to train with"
]

/// The settings of the classifier: how often it sees all images.
let classifierSettings passes = [
    changes "classifier" trainHere path $"the file of a trained classifier, or {trainHere} to train one"
    changes "classifierPasses" passes (SettingType.Whole(1, 10_000)) "how often a classifier sees all images"
]

/// The labels that are to be learnt; none for all.
let digitsOf (s: SettingValues) =
    if s.Text "digits" = allDigits then
        None
    else
        Some(s.List "digits" |> Array.map byte)

/// Refuses a folder that is not there, and batches larger than what is drawn.
let fitsImages (s: SettingValues) =
    let folder, batch = s.Text "data", s.Int "batch"

    if folder = synthetic then
        let images = s.Int "images"

        // The labels are 0, 1, …, 9, 0, 1, ….
        let drawn =
            match digitsOf s with
            | Some digits -> digits |> Array.sumBy (fun digit -> (images + 9 - int digit) / 10)
            | None -> images

        if batch > drawn then
            refuse
                "batch"
                batch
                $"of the images={images} that are drawn {drawn} show the digits that are to be learnt; take at most so many, or draw more"
    elif not (Directory.Exists folder) then
        refuse
            "data"
            $"\"{folder}\""
            $"there is no such folder; one with the four files of MNIST or {synthetic} is needed, for instance data={synthetic}"

/// Refuses the file of a classifier that is not there.
let fitsClassifier (s: SettingValues) =
    let file = s.Text "classifier"

    if file <> trainHere && not (File.Exists file) then
        refuse
            "classifier"
            $"\"{file}\""
            $"there is no such file; the file of a trained classifier or {trainHere} is needed, for instance classifier={trainHere}"

/// Says of a file's fault which setting named the file.
let private naming key read =
    try
        read ()
    with
    | :? InvalidDataException
    | :? IOException
    | :? UnauthorizedAccessException as fault -> raise (UserInputException($"{key}: {fault.Message}", fault))

/// All images to train with, others to test with, and those that are to be learnt.
let images (s: SettingValues) =
    let count, folder = s.Int "images", s.Text "data"

    let train, test =
        if folder = synthetic then
            SyntheticDigits.Make(count, imagesSeed),
            SyntheticDigits.Make((count + trainPerTest - 1) / trainPerTest, imagesSeed, count)
        else
            let any = s.Bool "anyDigits"

            naming "data" (fun () ->
                try
                    MnistFolder.Read(folder, MnistPart.Train, any),
                    MnistFolder.Read(folder, MnistPart.Test, any)
                with :? InvalidDataException as fault when not any ->
                    let message = fault.Message.TrimEnd '.'

                    UserInputException(
                        $"data: {message}; anyDigits=true takes other images in files of these names.",
                        fault
                    )
                    |> raise)

    match digitsOf s with
    | None -> train, test, train
    | Some digits ->
        let there = train.Labels.ToArray() |> Array.distinct |> Array.sort

        match Array.except there digits with
        | [||] -> train, test, train.OnlyLabels digits
        | missing ->
            let list (labels: byte[]) =
                labels |> Seq.map string |> String.concat ", "

            let digits = s.Text "digits"

            refuse "digits" $"\"{digits}\"" $"\"{train.Name}\" has no {list missing}; it has {list there}"

/// The classifier of a file, if the user gives one.
let givenClassifier (s: SettingValues) =
    match s.Text "classifier" with
    | file when file = trainHere -> None
    | file -> Some(naming "classifier" (fun () -> DigitClassifier.Load file))

/// Trains the classifier, with a seed of its own: all runs are scored by the same one.
let trainClassifier (run: ExperimentRun) (train: ImageDataset) test =
    let context, passes = run.Context, run.Settings.Int "classifierPasses"
    let file = context.PathOf classifierFile

    if not (isNull context.Resumed) && File.Exists file then
        DigitClassifier.Load file
    else
        context.Report("classifier", 0.0)

        let progress = {
            new IProgress<struct (int * float)> with
                member _.Report(struct (epoch, _)) =
                    context.Report("classifier", float epoch / float passes)
        }

        let training =
            ClassifierTraining(
                train,
                test,
                Epochs = passes,
                BatchSize = min classifierBatch train.Count,
                Progress = progress
            )

        let classifier = training.Run run.Cancellation
        classifier.Save file
        classifier

let foundClassifier (run: ExperimentRun) (classifier: DigitClassifier) =
    run.Context.Part "classifier"
    run.Found("classifier/accuracy", classifier.TestAccuracy)

    run.Context.Note
        $"The classifier was trained on {classifier.TrainedOn} and names {classifier.TestAccuracy:P2} of the test images rightly."
