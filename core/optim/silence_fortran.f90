! L-BFGS-B reports a failed line search on Fortran's standard output whatever its print level. Standard output belongs
! to results, so Fortran's unit 6 is connected to the null device instead; C and C++ output is not touched.
subroutine alidade_silence_fortran() bind(c, name="alidade_silence_fortran")
    implicit none
    integer :: status
    open(unit=6, file="/dev/null", status="old", action="write", iostat=status)
end subroutine alidade_silence_fortran
