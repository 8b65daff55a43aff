namespace Stackelberg

module internal Shape =
    let count (shape: int[]) = Array.fold (*) 1 shape
