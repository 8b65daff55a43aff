namespace Stackelberg;

/// <summary>Tensors from C#. Operators, Exp, Log, Sin and their like are members of Tensor itself.</summary>
public static class TensorExtensions
{
    extension(Tensor)
    {
        /// <summary>A vector of float64, shape [n].</summary>
        public static Tensor Of(params double[] values)
        {
            ArgumentNullException.ThrowIfNull(values);
            return TensorModule.ofArray(values);
        }

        /// <summary>A matrix of float64, shape [rows, columns].</summary>
        public static Tensor Of(double[,] values)
        {
            ArgumentNullException.ThrowIfNull(values);
            return TensorModule.ofArray2D(values);
        }

        /// <summary>A scalar, shape [].</summary>
        public static Tensor Scalar(double value) => TensorModule.scalar(value);

        /// <summary>The matrix product over the last two axes; a vector is a row on the left, a column on the right.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public static Tensor MatMul(Tensor left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(left);
            ArgumentNullException.ThrowIfNull(right);
            return TensorModule.matmul(left, right);
        }

        /// <summary>The sum of all entries, a scalar.</summary>
        public static Tensor Sum(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorModule.sum(tensor);
        }

        /// <summary>The mean of all entries, a scalar.</summary>
        public static Tensor Mean(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorModule.mean(tensor);
        }

        /// <summary>Σ aᵢ bᵢ of two vectors, a scalar.</summary>
        /// <exception cref="ArgumentException">Not two vectors of one length.</exception>
        public static Tensor Dot(Tensor left, Tensor right)
        {
            ArgumentNullException.ThrowIfNull(left);
            ArgumentNullException.ThrowIfNull(right);
            return TensorModule.dot(left, right);
        }

        /// <summary>The Euclidean norm of all entries, a scalar; of derivative 0 where it is 0.</summary>
        public static Tensor Norm(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorReductions.TensorModule.norm(tensor);
        }

        /// <summary>Euclidean norms along one axis, which disappears.</summary>
        /// <exception cref="ArgumentException">There is no such axis.</exception>
        public static Tensor Norm(Tensor tensor, int axis)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorReductions.TensorModule.normAxis(axis, tensor);
        }

        /// <summary>The product of all entries, a scalar.</summary>
        public static Tensor Prod(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorReductions.TensorModule.prod(tensor);
        }

        /// <summary>Running products along an axis.</summary>
        /// <exception cref="ArgumentException">There is no such axis.</exception>
        public static Tensor CumulativeProduct(Tensor tensor, int axis)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorReductions.TensorModule.cumulativeProduct(axis, tensor);
        }

        /// <summary>The variance Σ (tᵢ − mean)² / n of all n entries, a scalar.</summary>
        /// <exception cref="ArgumentException">There are no entries.</exception>
        public static Tensor Var(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorReductions.TensorModule.var(tensor);
        }

        /// <summary>The standard deviation √(Σ (tᵢ − mean)² / n) of all n entries, a scalar.</summary>
        /// <exception cref="ArgumentException">There are no entries.</exception>
        public static Tensor Std(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorReductions.TensorModule.std(tensor);
        }

        /// <summary>tᵢ, but at least low and at most high.</summary>
        /// <exception cref="ArgumentException">low is above high.</exception>
        public static Tensor Clamp(Tensor tensor, double low, double high)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.clamp(low, high, tensor);
        }

        /// <summary>log(exp aᵢ + exp bᵢ), without overflow.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
        public static Tensor LogAddExp(Tensor a, Tensor b)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return TensorFunctions.TensorModule.logaddexp(a, b);
        }

        /// <summary>The larger of two entries.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
        public static Tensor Maximum(Tensor a, Tensor b)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return TensorModule.maximum(a, b);
        }

        /// <summary>The smaller of two entries.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit together.</exception>
        public static Tensor Minimum(Tensor a, Tensor b)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return TensorModule.minimum(a, b);
        }

        /// <summary>The error function.</summary>
        public static Tensor Erf(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.erf(tensor);
        }

        /// <summary>1 − erf t, accurate far out.</summary>
        public static Tensor Erfc(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.erfc(tensor);
        }

        /// <summary>log |Γ(tᵢ)|.</summary>
        public static Tensor LogGamma(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.lgamma(tensor);
        }

        /// <summary>The digamma function, the derivative of log Γ.</summary>
        public static Tensor Digamma(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.digamma(tensor);
        }

        /// <summary>arsinh tᵢ.</summary>
        public static Tensor Asinh(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.asinh(tensor);
        }

        /// <summary>arcosh tᵢ; NaN below 1.</summary>
        public static Tensor Acosh(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.acosh(tensor);
        }

        /// <summary>artanh tᵢ; NaN beyond ±1.</summary>
        public static Tensor Atanh(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorFunctions.TensorModule.atanh(tensor);
        }

        /// <summary>The entries along an axis in ascending order.</summary>
        /// <exception cref="ArgumentException">There is no such axis.</exception>
        public static Tensor Sort(Tensor tensor, int axis)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorEntries.TensorModule.sort(axis, tensor);
        }

        /// <summary>The indices that put the entries along an axis into ascending order.</summary>
        /// <exception cref="ArgumentException">There is no such axis.</exception>
        public static Tensor ArgSort(Tensor tensor, int axis)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorEntries.TensorModule.argSort(axis, tensor);
        }

        /// <summary>Tensors one after the other along an axis.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit, or there are none.</exception>
        public static Tensor Concat(int axis, params Tensor[] parts)
        {
            ArgumentNullException.ThrowIfNull(parts);
            return TensorModule.concat(axis, parts);
        }

        /// <summary>Parts of given lengths along an axis, one after the other.</summary>
        /// <exception cref="ArgumentException">The lengths do not add up to the axis' extent.</exception>
        public static Tensor[] Split(Tensor tensor, int axis, params int[] lengths)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            ArgumentNullException.ThrowIfNull(lengths);
            return TensorEntries.TensorModule.split(axis, lengths, tensor);
        }

        /// <summary>X with A X = B, by LU; B may be a vector, a matrix, or a batch of either.</summary>
        /// <exception cref="ArgumentException">The shapes do not fit.</exception>
        public static Tensor Solve(Tensor a, Tensor b)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return TensorModule.solve(a, b);
        }

        /// <summary>A⁻¹.</summary>
        /// <exception cref="ArgumentException">a is no square matrix.</exception>
        public static Tensor Inverse(Tensor a)
        {
            ArgumentNullException.ThrowIfNull(a);
            return TensorModule.inverse(a);
        }

        /// <summary>The determinant, whose derivatives are right for singular matrices too.</summary>
        /// <exception cref="ArgumentException">a is no square matrix.</exception>
        public static Tensor Det(Tensor a)
        {
            ArgumentNullException.ThrowIfNull(a);
            return TensorMatrices.TensorModule.det(a);
        }

        /// <summary>The eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns.</summary>
        /// <exception cref="ArgumentException">a is no square matrix.</exception>
        public static (Tensor Values, Tensor Vectors) SymmetricEigen(Tensor a)
        {
            ArgumentNullException.ThrowIfNull(a);
            return TensorMatrices.TensorModule.symmetricEigen(a).ToValueTuple();
        }

        /// <summary>The singular values of a matrix, descending.</summary>
        /// <exception cref="ArgumentException">a is no matrix.</exception>
        public static Tensor SingularValues(Tensor a)
        {
            ArgumentNullException.ThrowIfNull(a);
            return TensorMatrices.TensorModule.singularValues(a);
        }

        /// <summary>The sum of products over named indices, as in "ij,jk->ik".</summary>
        /// <exception cref="ArgumentException">The text or the shapes do not fit.</exception>
        public static Tensor Einsum(string indices, params Tensor[] operands)
        {
            ArgumentNullException.ThrowIfNull(indices);
            ArgumentNullException.ThrowIfNull(operands);
            return TensorMatrices.TensorModule.einsum(indices, operands);
        }

        /// <summary>exp t divided by its sum along the last axis.</summary>
        public static Tensor Softmax(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorModule.softmax(tensor);
        }

        /// <summary>a where the condition is not 0, b elsewhere.</summary>
        public static Tensor Where(Tensor condition, Tensor a, Tensor b)
        {
            ArgumentNullException.ThrowIfNull(condition);
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return TensorModule.where(condition, a, b);
        }

        /// <summary>1 where a &lt; b, else 0.</summary>
        public static Tensor Less(Tensor a, Tensor b)
        {
            ArgumentNullException.ThrowIfNull(a);
            ArgumentNullException.ThrowIfNull(b);
            return TensorModule.less(a, b);
        }

        /// <summary>The value itself, of derivative zero.</summary>
        public static Tensor StopGradient(Tensor tensor)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorModule.stopGradient(tensor);
        }
    }

    extension(Tensor tensor)
    {
        /// <summary>The last two axes exchanged.</summary>
        public Tensor T
        {
            get
            {
                ArgumentNullException.ThrowIfNull(tensor);
                return TensorModule.transpose(tensor);
            }
        }

        /// <summary>The same entries, row-major, in another shape of equal count; one extent may be −1, for what the others
        /// leave.</summary>
        /// <exception cref="ArgumentException">The counts differ.</exception>
        public Tensor Reshape(params int[] shape)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            ArgumentNullException.ThrowIfNull(shape);
            return TensorModule.reshape(shape, tensor);
        }

        /// <summary>Entry i along the first axis, which disappears; counted from the end when negative.</summary>
        /// <exception cref="ArgumentException">There is no such entry.</exception>
        public Tensor At(int i)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorModule.slice(0, i, 1, tensor).Reshape(tensor.Shape[1..]);
        }

        /// <summary>Entry i along the first axis, which disappears; <c>At(^1)</c> is the last.</summary>
        /// <exception cref="ArgumentException">There is no such entry.</exception>
        public Tensor At(Index i)
        {
            ArgumentNullException.ThrowIfNull(tensor);
            return TensorModule.slice(0, i.GetOffset(tensor.Shape[0]), 1, tensor).Reshape(tensor.Shape[1..]);
        }

        /// <summary>The entries of a range along the first axis, as in <c>Slice(1..^1)</c>: its end does not belong to
        /// it.</summary>
        /// <exception cref="ArgumentException">There are no such entries.</exception>
        public Tensor Slice(Range range)
        {
            ArgumentNullException.ThrowIfNull(tensor);

            int first = range.Start.GetOffset(tensor.Shape[0]);
            return TensorModule.slice(0, first, range.End.GetOffset(tensor.Shape[0]) - first, tensor);
        }

        /// <summary>The numbers of a matrix.</summary>
        /// <exception cref="ArgumentException">The tensor is no matrix.</exception>
        /// <exception cref="InvalidOperationException">The tensor is a symbol.</exception>
        public double[,] ToMatrix()
        {
            ArgumentNullException.ThrowIfNull(tensor);

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
