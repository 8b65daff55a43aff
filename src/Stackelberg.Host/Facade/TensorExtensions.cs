namespace Stackelberg;

/// <summary>Tensors from C#. Operators, Exp, Log, Sin and their like are members of Tensor itself.</summary>
public static class TensorExtensions
{
    extension(Tensor)
    {
        /// <summary>A vector of float64, shape [n].</summary>
        public static Tensor Of(params double[] values) => TensorModule.ofArray(values);

        /// <summary>A matrix of float64, shape [rows, columns].</summary>
        public static Tensor Of(double[,] values) => TensorModule.ofArray2D(values);

        /// <summary>A scalar, shape [].</summary>
        public static Tensor Scalar(double value) => TensorModule.scalar(value);

        /// <summary>The matrix product over the last two axes; a vector is a row on the left, a column on the right.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public static Tensor MatMul(Tensor left, Tensor right) => TensorModule.matmul(left, right);

        /// <summary>The sum of all entries, a scalar.</summary>
        public static Tensor Sum(Tensor tensor) => TensorModule.sum(tensor);

        /// <summary>The mean of all entries, a scalar.</summary>
        public static Tensor Mean(Tensor tensor) => TensorModule.mean(tensor);

        /// <summary>Σ aᵢ bᵢ of two vectors, a scalar.</summary>
        /// <exception cref="ArgumentException">Not two vectors of one length.</exception>
        public static Tensor Dot(Tensor left, Tensor right) => TensorModule.dot(left, right);

        /// <summary>exp t divided by its sum along the last axis.</summary>
        public static Tensor Softmax(Tensor tensor) => TensorModule.softmax(tensor);

        /// <summary>a where the condition is not 0, b elsewhere.</summary>
        public static Tensor Where(Tensor condition, Tensor a, Tensor b) =>
            TensorModule.where(condition, a, b);

        /// <summary>1 where a &lt; b, else 0.</summary>
        public static Tensor Less(Tensor a, Tensor b) => TensorModule.less(a, b);

        /// <summary>The value itself, of derivative zero.</summary>
        public static Tensor StopGradient(Tensor tensor) => TensorModule.stopGradient(tensor);
    }

    extension(Tensor tensor)
    {
        /// <summary>The last two axes exchanged.</summary>
        public Tensor T => TensorModule.transpose(tensor);

        /// <summary>The same entries, row-major, in another shape of equal count.</summary>
        /// <exception cref="ArgumentException">The counts differ.</exception>
        public Tensor Reshape(params int[] shape) => TensorModule.reshape(shape, tensor);

        /// <summary>Entry i along the first axis, which disappears.</summary>
        /// <exception cref="ArgumentException">There is no such entry.</exception>
        public Tensor At(int i) => TensorModule.slice(0, i, 1, tensor).Reshape(tensor.Shape[1..]);

        /// <summary>The numbers of a matrix.</summary>
        /// <exception cref="ArgumentException">The tensor is no matrix.</exception>
        /// <exception cref="InvalidOperationException">The tensor is a symbol.</exception>
        public double[,] ToMatrix()
        {
            if (tensor.Shape.Length != 2)
            {
                throw new ArgumentException(
                    $"ToMatrix: the tensor has rank {tensor.Shape.Length}, but 2 is needed.",
                    nameof(tensor)
                );
            }

            double[] numbers = tensor.ToArray();
            double[,] matrix = new double[tensor.Shape[0], tensor.Shape[1]];
            Buffer.BlockCopy(numbers, 0, matrix, 0, numbers.Length * sizeof(double));
            return matrix;
        }
    }
}
