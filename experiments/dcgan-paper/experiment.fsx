// the paper's DCGAN on all digits of MNIST.
#load "../Dcgan.fsx"

open Dcgan
open Stackelberg

let paperRun =
    experiment "dcgan-paper" {
        source published
        version 1
        defaultSeed 43UL
        setting (settings paper)
        validate fits
        files written
        headlines [ "inceptionScore"; "sure"; "digits" ]
        compute (train "dcgan-paper")
    }
