package wire

import (
	"errors"
	"strconv"
)

// An Error says that a value cannot be written where it has to stand. Every
// error of this package is one.
type Error struct {
	Param   string // the parameter or field at fault; empty when the whole body is
	Where   string // the place inside its value: ".items[0]"; empty for the value itself
	Message string // what is wrong, without the value itself
	Hint    string // what to do about it, where known
}

func (e *Error) Error() string {
	s := e.Message
	if place := e.Param + e.Where; place != "" {
		s = place + ": " + s
	}
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

func fail(message, hint string) error { return &Error{Message: message, Hint: hint} }

// under puts a step of the way in front of an error's place.
func under(err error, step string) error {
	var e *Error
	if errors.As(err, &e) {
		e.Where = step + e.Where
	}
	return err
}

func underItem(err error, i int) error { return under(err, "["+strconv.Itoa(i)+"]") }

func underMember(err error, name []byte) error { return under(err, "."+string(name)) }

// of names the parameter an error is about.
func of(err error, name string) error {
	var e *Error
	if errors.As(err, &e) && e.Param == "" {
		e.Param = name
	}
	return err
}
