namespace Stackelberg

open System

/// The least value of a function of one number that has several valleys, with kinks and cusps at their bottoms.
module internal Valley =

    /// What a section leaves of the range, the golden ratio less 1.
    let private golden = 0.5 * (sqrt 5.0 - 1.0)

    /// Sections make the range of a valley shorter than rounding of its place matters.
    let private sections = 50

    /// Values that are no numbers are mountains.
    let private value f (x: float) =
        let y = f x
        if Double.IsNaN y then infinity else y

    /// The bottom of the valley between two places.
    let private descend f (low: float) (high: float) =
        let rec section left low high (a: struct (float * float)) (b: struct (float * float)) =
            let struct (x, fx), struct (y, fy) = a, b

            if left = 0 then
                if fx <= fy then a else b
            elif fx <= fy then
                let next = y - golden * (y - low)
                section (left - 1) low y (struct (next, value f next)) a
            else
                let next = x + golden * (high - x)
                section (left - 1) x high b (struct (next, value f next))

        let x, y = high - golden * (high - low), low + golden * (high - low)
        section sections low high (struct (x, value f x)) (struct (y, value f y))

    /// The place and the least value between two places: on a grid, then in every valley of the grid by golden sections.
    let least (spacing: float) (low: float) (high: float) (f: float -> float) : struct (float * float) =
        let count = max 8 (int (ceil ((high - low) / spacing)))

        let place i =
            low + (high - low) * float i / float count

        let values = Array.init (count + 1) (place >> value f)
        let at i = values[max 0 (min count i)]

        let mutable best = struct (low, infinity)

        let take (candidate: struct (float * float)) =
            let struct (_, found), struct (_, least) = candidate, best

            if found < least then
                best <- candidate

        for i in 0..count do
            take (struct (place i, values[i]))

            if values[i] <= at (i - 1) && values[i] <= at (i + 1) && values[i] < infinity then
                take (descend f (place (max 0 (i - 1))) (place (min count (i + 1))))

        best
