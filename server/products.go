package server

import (
	"context"
	"net/http"
	"slices"

	"github.com/ductape-go/ductape"
	"github.com/ductape-go/ductape/catalog"
)

type ProductTag struct {
	Product string `path:"product"`
}

type ProductPart struct {
	ProductTag
	Tag string `path:"tag"`
}

func (s *Server) productRoutes() {
	handle(s, endpoint{method: http.MethodGet, path: "/v1/products", id: "list-products", summary: "List products", tag: "products"},
		func(ctx context.Context, ws string, _ *struct{}) ([]*ductape.Product, error) {
			return s.cfg.Catalog.Products(ctx, ws)
		})
	handle(s, endpoint{method: http.MethodGet, path: "/v1/products/{product}", id: "get-product", summary: "Show a product", tag: "products"},
		func(ctx context.Context, ws string, in *ProductTag) (*ductape.Product, error) {
			return s.cfg.Catalog.Product(ctx, ws, in.Product)
		})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/products/{product}", id: "put-product", summary: "Create or replace a product", tag: "products"},
		func(ctx context.Context, ws string, in *struct {
			ProductTag
			Body ductape.Product
		},
		) (*ductape.Product, error) {
			if err := sameTag("tag", &in.Body.Tag, in.Product); err != nil {
				return nil, err
			}
			if _, err := s.cfg.Catalog.PutProduct(ctx, ws, &in.Body); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.Product(ctx, ws, in.Product)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/products/{product}", id: "delete-product", summary: "Delete a product and its connections", tag: "products"},
		func(ctx context.Context, ws string, in *ProductTag) error {
			return s.cfg.Catalog.DeleteProduct(ctx, ws, in.Product)
		})
	s.connectionRoutes()
	s.cacheRoutes()
	s.sessionTypeRoutes()
}

// part answers GET of one part of a product.
func part[T any](s *Server, path, id, summary string, find func(p *ductape.Product, tag string) (T, bool)) {
	handle(s, endpoint{method: http.MethodGet, path: path, id: id, summary: summary, tag: "products"},
		func(ctx context.Context, ws string, in *ProductPart) (T, error) {
			var none T
			p, err := s.cfg.Catalog.Product(ctx, ws, in.Product)
			if err != nil {
				return none, err
			}
			if found, ok := find(p, in.Tag); ok {
				return found, nil
			}
			return none, ductape.NewError(ductape.CodeNotFound, in.Product+" has no \""+in.Tag+"\" of this kind")
		})
}

func (s *Server) connectionRoutes() {
	part(s, "/v1/products/{product}/apps/{tag}", "get-connection", "Show how an app is connected", func(p *ductape.Product, tag string) (ductape.Connection, bool) {
		i := slices.IndexFunc(p.Apps, func(c ductape.Connection) bool { return c.AccessTag == tag })
		if i < 0 {
			return ductape.Connection{}, false
		}
		return p.Apps[i], true
	})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/products/{product}/apps/{tag}", id: "put-connection", summary: "Connect an app under an access tag", tag: "products"},
		func(ctx context.Context, ws string, in *struct {
			ProductPart
			Body ductape.Connection
		},
		) (*catalog.Plan, error) {
			if err := sameTag("access_tag", &in.Body.AccessTag, in.Tag); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.PutConnection(ctx, ws, in.Product, in.Body)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/products/{product}/apps/{tag}", id: "delete-connection", summary: "Disconnect an app", tag: "products"},
		func(ctx context.Context, ws string, in *ProductPart) error {
			return s.cfg.Catalog.DeleteConnection(ctx, ws, in.Product, in.Tag)
		})
}

func (s *Server) cacheRoutes() {
	part(s, "/v1/products/{product}/caches/{tag}", "get-cache", "Show a cache", func(p *ductape.Product, tag string) (ductape.CachePolicy, bool) {
		i := slices.IndexFunc(p.Caches, func(c ductape.CachePolicy) bool { return c.Tag == tag })
		if i < 0 {
			return ductape.CachePolicy{}, false
		}
		return p.Caches[i], true
	})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/products/{product}/caches/{tag}", id: "put-cache", summary: "Create or replace a cache", tag: "products"},
		func(ctx context.Context, ws string, in *struct {
			ProductPart
			Body ductape.CachePolicy
		},
		) (*catalog.Plan, error) {
			if err := sameTag("tag", &in.Body.Tag, in.Tag); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.PutCache(ctx, ws, in.Product, in.Body)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/products/{product}/caches/{tag}", id: "delete-cache", summary: "Delete a cache", tag: "products"},
		func(ctx context.Context, ws string, in *ProductPart) error {
			return s.cfg.Catalog.DeleteCache(ctx, ws, in.Product, in.Tag)
		})
}

func (s *Server) sessionTypeRoutes() {
	part(s, "/v1/products/{product}/sessions/{tag}", "get-session-type", "Show a session type", func(p *ductape.Product, tag string) (ductape.SessionType, bool) {
		i := slices.IndexFunc(p.Sessions, func(t ductape.SessionType) bool { return t.Tag == tag })
		if i < 0 {
			return ductape.SessionType{}, false
		}
		return p.Sessions[i], true
	})
	handle(s, endpoint{method: http.MethodPut, path: "/v1/products/{product}/sessions/{tag}", id: "put-session-type", summary: "Create or replace a session type", tag: "products"},
		func(ctx context.Context, ws string, in *struct {
			ProductPart
			Body ductape.SessionType
		},
		) (*catalog.Plan, error) {
			if err := sameTag("tag", &in.Body.Tag, in.Tag); err != nil {
				return nil, err
			}
			return s.cfg.Catalog.PutSessionType(ctx, ws, in.Product, in.Body)
		})
	handleEmpty(s, endpoint{method: http.MethodDelete, path: "/v1/products/{product}/sessions/{tag}", id: "delete-session-type", summary: "Delete a session type", tag: "products"},
		func(ctx context.Context, ws string, in *ProductPart) error {
			return s.cfg.Catalog.DeleteSessionType(ctx, ws, in.Product, in.Tag)
		})
}

// sameTag fills a body's tag from the path, or refuses one that differs.
func sameTag(field string, body *string, path string) error {
	if *body == "" {
		*body = path
	}
	if *body != path {
		return tagMismatch(field, *body, path)
	}
	return nil
}

func tagMismatch(field, body, path string) error {
	e := ductape.NewError(ductape.CodeInvalidInput, "the body names another thing than the path")
	e.Problems = []ductape.Problem{{Where: field, Message: "is " + body + " in the body and " + path + " in the path"}}
	return e
}
