// the ICML code's DCGAN on MNIST: the inception score over 7,501 steps.
#load "../Dcgan.fsx"

open Dcgan
open Stackelberg

let icml =
    experiment "dcgan-icml" {

        source
            "Fiez, Chasnov, Ratliff, Implicit Learning Dynamics in Stackelberg Games (ICML 2020), the settings of its code, run_mnist.sh"

        version 1
        defaultSeed 0UL

        setting (
            settings {
                paper with
                    Rules = "stackelberg"
                    Objective = "nsgan"
                    Steps = "7501"
                    Regularisation = "10000"
            }
        )

        validate fits
        files written
        headlines [ "inceptionScore"; "sure"; "digits" ]
        compute (train "dcgan-icml")
    }
