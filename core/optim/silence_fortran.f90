! L-BFGS-B reports a failed line search on Fortran's standard output whatever its print level. Standard output belongs
! to results, so Fortran's unit 6 is connected to the null device instead; C and C++ output is not touched.
subroutine alidade_silence_fortran() bind(c, name="alidade_silence_fortran")
    implicit none
    integer :: status
    open(unit=6, file="/dev/null", status="old", action="write", iostat=status)
end subroutine alidade_silence_fortran

! Takes the place of L-BFGS-B's own clock, which asks the system for the time several times a step, for
! reports that are never printed: half of the time of a search for a maximum of an acquisition.
subroutine timer(ttime)
    double precision, intent(out) :: ttime
    ttime = 0d0
end subroutine timer
