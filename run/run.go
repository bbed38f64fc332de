// Package run is the data path: one call, from its name to the API's answer.
//
//	resolve → bind → render → authenticate → request → cache → send → decode
//
// and a record around it all. Start reading at Run; each step is in the file of
// its name.
package run

import (
	"context"

	"github.com/ductape-go/ductape"
)

// Run performs one call and returns the API's own answer. The error is a
// *ductape.Error; nothing was sent unless its step is send or decode. The run
// is recorded either way.
func (r *Runner) Run(ctx context.Context, call ductape.Call) (*ductape.Result, error) {
	ctx, run, err := r.begin(ctx, call)
	if err != nil {
		return nil, run.fail(err)
	}
	if err := r.prepare(ctx, run); err != nil {
		return nil, run.fail(err)
	}
	res, err := r.answer(ctx, run)
	if err != nil {
		return nil, run.fail(err)
	}
	return run.finish(res), nil
}

// prepare takes the call as far as a request that could be sent.
func (r *Runner) prepare(ctx context.Context, run *run) (err error) {
	if run.plan, err = r.resolve(ctx, run); err != nil {
		return err
	}
	if run.parts, err = bind(ctx, run.plan, run.call.Input); err != nil {
		return run.alsoWrong(ctx, err)
	}
	if err = r.render(ctx, run); err != nil {
		return run.alsoWrong(ctx, err)
	}
	if run.credential, err = r.authenticate(ctx, run); err != nil {
		return err
	}
	run.request, err = buildRequest(ctx, run)
	return run.alsoWrong(ctx, err)
}

// answer gets the answer, from the cache where the call names one.
func (r *Runner) answer(ctx context.Context, run *run) (*ductape.Result, error) {
	if run.call.Cache != "" {
		return r.cached(ctx, run)
	}
	return r.fetch(ctx, run)
}

// fetch asks the API.
func (r *Runner) fetch(ctx context.Context, run *run) (*ductape.Result, error) {
	resp, err := r.send(ctx, run)
	if err != nil {
		return nil, err
	}
	return r.decode(run, resp)
}
