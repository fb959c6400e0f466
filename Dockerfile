# The service on a CPU: one image, two programs. `serve` is the API; the worker is started by naming it (docker-compose.yml).
# Dockerfile.gpu is the same with CUDA. The SDK stays in the build stage. The bases are arguments, so that they can be pinned by digest:
#
#   docker build --build-arg RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0@sha256:… .
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM $SDK_IMAGE AS build
WORKDIR /source
COPY . .
RUN scripts/publish /app

FROM $RUNTIME_IMAGE AS service
WORKDIR /app
COPY scripts/check-health scripts/check-worker scripts/
COPY --from=build /app .
RUN install --directory --owner app /data
USER app
VOLUME /data
ENV Storage__Root=/data \
    Queue__CheckInFile=/tmp/checked-in \
    ASPNETCORE_URLS=http://+:8080 \
    DOTNET_EnableDiagnostics=0 \
    Worker__InProcess=false
EXPOSE 8080
CMD ["dotnet", "/app/api/NeuralCapacitance.Api.dll", "serve"]
