// a small DCGAN learns synthetic digits by Stackelberg play.
#load "../Dcgan.fsx"

open Dcgan
open Digits
open Stackelberg

let small =
    experiment "dcgan" {

        source
            "no published figure: the networks of the code of Fiez, Chasnov, Ratliff (ICML 2020), with 8 channels in the place of 64"

        version 1

        setting (
            settings {
                Digits = allDigits
                Rules = "stackelberg"
                Objective = "nsgan"
                Channels = "8"
                Batch = "64"
                Steps = "2000"
                Rate = "1e-3"
                Regularisation = "10000"
                Images = "10000"
                ClassifierPasses = "3"
            }
        )

        validate fits
        files written
        headlines [ "inceptionScore"; "sure"; "digits" ]
        compute (train "dcgan")
    }
